// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/claims/facts.h"

namespace gradc::claims {

Signs times(Signs a, Signs b) {
  Signs result = (a | b) & zero;
  for (const Signs x : {negative, positive})
    for (const Signs y : {negative, positive})
      if ((a & x) && (b & y)) result = result | (x == y ? positive : negative);
  return result;
}

Signs plus(Signs a, Signs b) {
  Signs result = none;
  for (const Signs x : {negative, zero, positive})
    for (const Signs y : {negative, zero, positive}) {
      if (!(a & x) || !(b & y)) continue;
      result = result | (x == zero ? y : y == zero || x == y ? x : any);
    }
  return result;
}

Signs known_signs(const Facts& facts, const Poly& sum) {
  Signs known = any;
  const Rational lead = sum.leading();
  if (lead.is_zero()) return known;
  for (const auto& [poly, signs] : facts.signs) {
    // sum = ratio·poly + number?
    const Rational ratio = lead / poly.leading();
    const Poly rest = sum - poly.times(ratio);
    if (!rest.is_constant()) continue;
    const Rational number = rest.constant();
    const Signs scaled = ratio.sign() > 0 ? signs : opposite(signs);
    const Signs shift = number.is_zero() ? zero : number.sign() > 0 ? positive : negative;
    known = known & plus(scaled, shift);
  }
  return known;
}

}  // namespace gradc::claims
