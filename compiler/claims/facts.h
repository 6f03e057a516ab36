// What a case of the proof assumes: signs of sums, truth of conditions, values of elements and indices.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <map>
#include <set>

#include "compiler/claims/poly.h"

namespace gradc::claims {

// A set of signs.
enum Signs : std::uint8_t { none = 0, negative = 1, zero = 2, positive = 4, any = 7 };
constexpr Signs operator|(Signs a, Signs b) { return static_cast<Signs>(int{a} | int{b}); }
constexpr Signs operator&(Signs a, Signs b) { return static_cast<Signs>(int{a} & int{b}); }
constexpr bool within(Signs a, Signs b) { return (a & b) == a; }
constexpr Signs opposite(Signs s) {
  return static_cast<Signs>((s & negative ? positive : 0) | (s & zero) | (s & positive ? negative : 0));
}
// Of products, of sums.
Signs times(Signs a, Signs b);
Signs plus(Signs a, Signs b);

struct Facts {
  std::map<Expr, Poly> values;    // an element or an index that is known to be something else
  std::map<Expr, bool> booleans;  // conditions that are not comparisons
  std::vector<std::pair<Poly, Signs>> signs;
  std::set<Expr> defined;  // conditions on the domain, as they were noted
};

// What the signs in the facts say of a sum: directly, or of one that differs from it by a number.
Signs known_signs(const Facts& facts, const Poly& sum);

}  // namespace gradc::claims
