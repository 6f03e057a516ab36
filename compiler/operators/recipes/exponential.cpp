// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/recipes/exponential.h"

namespace gradc::recipe {

namespace {

// (e^r − 1 − r) / r² for |r| ≤ ½ log 2: minimax with weight r², errors 2^-58 and 2^-28.
Lanes exp_rest(Lanes r) {
  if (r.is_f32()) return polynomial(r, {0x1p-1, 0x1.55548ep-3, 0x1.55545ep-5, 0x1.123b54p-7, 0x1.6db434p-10});
  return polynomial(
      r, {0x1.000000000000bp-1, 0x1.5555555555561p-3, 0x1.5555555550042p-5, 0x1.111111110d638p-7,
          0x1.6c16c185a3b92p-10, 0x1.a01a01badff63p-13, 0x1.a019969c995fp-16, 0x1.71dddfd4dad73p-19,
          0x1.28b041bc034b3p-22, 0x1.af85774e0a228p-26});
}

// (2^r − 1) / r for |r| ≤ ½: minimax with weight r, errors 2^-58 and 2^-29.
Lanes exp2_rest(Lanes r) {
  if (r.is_f32())
    return polynomial(
        r, {0x1.62e43p-1, 0x1.ebfbep-3, 0x1.c6aedp-5, 0x1.3b29aap-7, 0x1.5f47bp-10, 0x1.448fc6p-13});
  return polynomial(
      r, {0x1.62e42fefa39efp-1, 0x1.ebfbdff82c5a5p-3, 0x1.c6b08d704a0d7p-5, 0x1.3b2ab6fb9ff54p-7,
          0x1.5d87fe78a0e13p-10, 0x1.4309130f2fd1ep-13, 0x1.ffcbfc7c4e04bp-17, 0x1.62bfc6cbec458p-20,
          0x1.b524cddda996bp-24, 0x1.e61ca9c366176p-28, 0x1.ea18595d28eabp-32});
}

// Between two numbers; NaN stays. One instruction each on most machines.
Lanes between(Lanes x, double low, double high) {
  const Lanes above = where(x < low, low, x);
  return where(above > high, high, above);
}
// Beyond these x e^x is 0 and e^x infinite.
Lanes within_range(Lanes x) { return x.is_f32() ? between(x, -112, 89) : between(x, -760, 710); }

// 2^(k + more), for normal numbers only.
Lanes power_of_two(Lanes shifted, int more) {
  const Format& f = format(shifted);
  const Lanes exponent = shift_left(bits(shifted), f.mantissa_bits);
  return from_bits(exponent + exponent.integer(static_cast<std::int64_t>(f.bias + more) << f.mantissa_bits));
}

// x − k log 2 for the nearest k.
struct Reduced {
  Lanes k, shifted, r, tail;
};
Reduced reduce(Lanes x) {
  const Format& f = format(x);
  const Lanes shifted = fma(x, f.log2_e, f.to_integer);
  const Lanes k = shifted - f.to_integer;
  const Lanes high = fma(k, -f.ln2_high, x);  // exact
  const Lanes r = fma(k, -f.ln2_low, high);
  return {k, shifted, r, fma(k, -f.ln2_low, high - r)};
}

}  // namespace

Exponential exponential(Lanes x) {
  const Reduced x0 = reduce(within_range(x));
  const Pair start = exact_sum_ordered(x0.r.constant(1), x0.r);
  return {start.high + fma(x0.r * x0.r, exp_rest(x0.r), start.low), x0.k, x0.shifted};
}

Exponential exponential(Pair x) {
  const Reduced x0 = reduce(within_range(x.high));
  const Lanes low = x0.tail + x.low;
  const Lanes r = x0.r + low;
  const Lanes tail = (x0.r - r) + low;
  return {1 + (r + fma(r * r, exp_rest(r), fma(tail, r, tail))), x0.k, x0.shifted};
}

// Denormal numbers are reached by a second factor; the first one is half of 2^k, which may be 2^1024.
Lanes scale(Lanes a, const Exponential& by) {
  const Format& f = format(a);
  const int up = a.is_f32() ? 64 : 128;
  const Lanes small = by.k < static_cast<double>(f.mantissa_bits - f.bias);
  const Lanes exponent = shift_left(bits(by.shifted), f.mantissa_bits);
  const auto biased = [&](int more) {
    return exponent.integer(static_cast<std::int64_t>(f.bias - 1 + more) << f.mantissa_bits);
  };
  const Lanes first = from_bits(exponent + where(small, biased(up), biased(0)));
  return a * where(small, a.is_f32() ? 0x1p-63 : 0x1p-127, 2.0, a) * first;
}

Lanes exp(Lanes x) {
  const Exponential e = exponential(x);
  return scale(e.mantissa, e);
}

Lanes exp2(Lanes x) {
  const Format& f = format(x);
  const Lanes y = between(x, -f.bias - f.mantissa_bits - 2, f.bias + 1);
  const Lanes shifted = y + f.to_integer;
  const Lanes k = shifted - f.to_integer;
  const Lanes r = y - k;
  return scale(fma(r, exp2_rest(r), 1), {r, k, shifted});
}

// 2^k (1 + r + rest) − 1 = (2^k − 1 + 2^k r) + 2^k rest; for k = 0 this is r + rest.
Lanes expm1_scaled(Lanes x, int halvings) {
  const Reduced x0 = reduce(x);
  const Lanes rest = fma(x0.r * x0.r, exp_rest(x0.r), x0.tail);
  const Lanes factor = power_of_two(x0.shifted, -halvings);
  const Lanes start = fma(factor, x0.r, factor - 1.0 / static_cast<double>(1 << halvings));
  return fma(factor, rest, start);
}

namespace {
// (e^x − 1)/4 to where sinh overflows.
Lanes quarter_of_expm1(Lanes x) {
  return expm1_scaled(x.is_f32() ? between(x, -20, 89.6) : between(x, -40, 710.6), 2);
}
// Functions that are x here, also where a quarter of it would be denormal.
Lanes is_tiny(Lanes x) { return abs(x) < (x.is_f32() ? 0x1p-26 : 0x1p-55); }
}  // namespace

Lanes expm1(Lanes x) { return where(is_tiny(x), x, 4 * quarter_of_expm1(x)); }

// The rounding of x − y would be as many units in the last place of the result as x − y is great.
Lanes exp_difference(Lanes x, Lanes y) {
  const Pair d = exact_sum(x, -y);
  const Exponential e = exponential(Pair{d.high, where(abs(d.high) < 1000, d.low, 0)});
  const Lanes of_infinity = where(x < 0, 0, where(x == y, 1, infinite, x));
  return where(abs(x) == infinite, where(is_nan(y), y, of_infinity), scale(e.mantissa, e));
}

// Through e^−|x| ≤ 1: 1/(1 + e^−x), and e^x/(1 + e^x) for negative x.
Lanes sigmoid(Lanes x) {
  const Lanes e = exp(-abs(x));
  return where(x < 0, e, 1.0) / (1 + e);
}

// x multiplies the mantissa, since e^x alone may be denormal where the product is not.
Lanes silu(Lanes x) {
  const Exponential e = exponential(-abs(x));
  const Lanes finite = where(x == -infinite, 0, where(x < -760, -760, x));
  return where(x < 0, scale(finite * e.mantissa, e), x) / (1 + scale(e.mantissa, e));
}

Lanes elu(Lanes x) { return where(x > 0, x, expm1(x)); }

// With t = e^(2|x|) − 1: t/(t + 2), or 1 − 2/(t + 2) where that has the lesser error. In f64 the quotient is
// made exact by one step of Newton's method, with what was rounded off of t + 2, so that only the error of t
// is left.
Lanes tanh(Lanes x) {
  const Lanes size = abs(x);
  const Lanes t = expm1_scaled(where(size > 30, 60, size + size), 0);
  const Lanes great = t > 2;
  const Lanes over = where(great, 2, t), under = 2 + t;
  const auto made_exact = [&] {
    const Lanes inverse = 1 / under, near = over * inverse;
    return fma(fma(-near, t - (under - 2), fma(-near, under, over)), inverse, near);
  };
  const Lanes quotient = x.is_f32() ? over / under : made_exact();
  return copysign(where(great, 1 - quotient, quotient), x);
}

// With t = e^|x| − 1: (t + t/(t + 1)) / 2 and (t + 1 + 1/(t + 1)) / 2; t/2 is finite wherever the results
// are.
Lanes sinh(Lanes x) {
  const Lanes half = 2 * quarter_of_expm1(abs(x));
  const Lanes value = half + where(half == infinite, 0, half / fma(half, 2.0, 1.0));
  return where(is_tiny(x), x, copysign(value, x));
}
Lanes cosh(Lanes x) {
  const Lanes half = 2 * quarter_of_expm1(abs(x));
  return half + (0.5 + 0.5 / fma(half, 2.0, 1.0));
}

}  // namespace gradc::recipe
