// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/recipes/logarithm.h"

#include "compiler/operators/recipes/exponential.h"

namespace gradc::recipe {

Parts take_apart(Lanes x, bool any) {
  const Format& f = format(x);
  const double up = 2.0 * static_cast<double>(std::int64_t{1} << f.mantissa_bits);
  const Lanes small = x < f.least_normal;
  const Lanes normal = any ? where(small, x * up, x) : x;
  const std::int64_t one = static_cast<std::int64_t>(f.bias) << f.mantissa_bits;
  const Lanes raised = bits(normal) + bits(normal).integer(one - f.half_root);
  // The exponent becomes the low bits of 2^52, so that no conversion is needed.
  const double anchor = static_cast<double>(std::int64_t{1} << f.mantissa_bits);
  const Lanes exponent = shift_right(raised, f.mantissa_bits);
  const Lanes k = from_bits(exponent | bits(x.constant(anchor))) - (anchor + f.bias);
  const Lanes m = from_bits((raised & raised.integer(f.mantissa)) + raised.integer(f.half_root));
  return {any ? k - where(small, f.mantissa_bits + 1, 0, x) : k, m};
}

Lanes with_limits_of_log(Lanes x, Lanes value) {
  return where(x > 0, where(x < infinite, value, x), where(x == 0, -infinite, undefined, x));
}

namespace {

// log(1 + f) = f − (square − lower), square = f²/2, for √½ ≤ 1 + f < √2. The polynomial is
// (log((1 + s)/(1 − s)) − 2s)/s³ in s²: minimax with weight s², errors 2^-58 and 2^-29.
struct LogOfNearOne {
  Lanes square, lower;
};
LogOfNearOne log_near_one(Lanes f) {
  const Lanes s = f / (2 + f);
  const Lanes z = s * s;
  const Lanes series = f.is_f32()
                           ? polynomial(z, {0x1.55557ap-1, 0x1.995eb8p-2, 0x1.31e348p-2})
                           : polynomial(z, {0x1.5555555555592p-1, 0x1.999999997fd78p-2, 0x1.24924941f5077p-2,
                                            0x1.c71c5205f39a6p-3, 0x1.74663fa783d53p-3, 0x1.39a1a65ad2714p-3,
                                            0x1.2f063b1e8177p-3});
  const Lanes square = 0.5 * f * f;
  return {square, s * fma(z, series, square)};
}

// k log 2 + log(1 + f) + correction
Lanes log_of(Lanes k, Lanes f, Lanes correction) {
  const Format& format_of_f = format(f);
  const LogOfNearOne l = log_near_one(f);
  const Lanes low = l.lower + fma(k, format_of_f.ln2_low, correction);
  return fma(k, format_of_f.ln2_high, f - (l.square - low));
}

}  // namespace

Lanes log(Lanes x) {
  const Parts p = take_apart(x, true);
  return with_limits_of_log(x, log_of(p.k, p.m - 1, x.constant(0)));
}

// With u = 1 + x rounded and e its error: log u + e/u; where u is near 1, log(1 + x) of x itself.
Lanes log1p(Lanes x) {
  const Pair u = exact_sum(x.constant(1), x);
  const Parts p = take_apart(u.high, false);
  const Lanes near = p.k == 0;
  const Lanes value = log_of(p.k, where(near, x, p.m - 1), where(near, 0, u.low / u.high));
  return where(x == 0, x, with_limits_of_log(u.high, value));
}

Lanes xlogy(Lanes x, Lanes y) { return where((x == 0) & !is_nan(y), 0, x * log(y)); }

Lanes softplus(Lanes x) { return where(x < 0, 0, x) + log1p(exp(-abs(x))); }
Lanes log_sigmoid(Lanes x) { return where(x > 0, -0.0, x) - log1p(exp(-abs(x))); }

// log(|x| + √(x² + 1)) and log(x + √(x² − 1)), from 1; log x + log 2 where squares are too great.
Lanes asinh(Lanes x) {
  const Lanes a = abs(x);
  const Lanes great = a > 0x1p28;
  const Lanes square = a * a;
  const Lanes beyond_one = a + square / (1 + sqrt(1 + square));
  return copysign(log1p(where(great, a - 1, beyond_one)) + where(great, 0x1.62e42fefa39efp-1, 0, x), x);
}
Lanes acosh(Lanes x) {
  const Lanes great = x > 0x1p28;
  const Lanes t = x - 1;
  const Lanes beyond_one = t + sqrt(t * (t + 2));
  const Lanes value = log1p(where(great, t, beyond_one)) + where(great, 0x1.62e42fefa39efp-1, 0, x);
  return where(x < 1, undefined, value);
}

// ½ log((1 + x)/(1 − x))
Lanes atanh(Lanes x) {
  const Lanes a = abs(x), twice = a + a;
  const Lanes near = a < 0.5;
  const Lanes quotient = where(near, twice * a, twice) / (1 - a);
  return copysign(0.5 * log1p(where(near, twice + quotient, quotient)), x);
}

}  // namespace gradc::recipe
