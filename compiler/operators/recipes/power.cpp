// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/recipes/power.h"

#include "compiler/operators/recipes/exponential.h"
#include "compiler/operators/recipes/logarithm.h"

namespace gradc::recipe {

namespace {

// log m for √½ ≤ m < √2, to about 2^-65: with s = f/(2 + f) as a pair, 2s + s³(2/3 + …), of which only the
// terms beyond 2/3 are rounded to a double. Their polynomial is minimax with weight s⁴ (error 2^-65).
Pair log_of_near_one(Lanes m) {
  const Lanes f = m - 1;
  const Pair divisor = exact_sum_ordered(m.constant(2), f);
  const Lanes s = f / divisor.high;
  const Lanes s_low = (fma(-s, divisor.high, f) - s * divisor.low) / divisor.high;
  const Pair z = exact_product(s, s);
  const Lanes z_low = fma(s + s, s_low, z.low);
  const Lanes series = polynomial(
      z.high, {0x1.9999999999b3p-2, 0x1.2492492457d2ap-2, 0x1.c71c722d6ae01p-3, 0x1.745ce9e1bc7d7p-3,
               0x1.3b1eec5a81b64p-3, 0x1.0f7fe1e677ba9p-3, 0x1.0e42f8399efep-3});
  const Pair thirds = exact_sum_ordered(m.constant(0x1.5555555555555p-1), z.high * series);
  const Lanes thirds_low = thirds.low + 0x1.5555555555555p-55;
  const Pair cubic = exact_product(z.high, thirds.high);
  const Lanes cubic_low = fma(z.high, thirds_low, fma(z_low, thirds.high, cubic.low));
  const Pair factor = exact_sum_ordered(m.constant(2), cubic.high);
  const Pair product = exact_product(s, factor.high);
  const Lanes low = fma(s, factor.low + cubic_low, fma(s_low, factor.high, product.low));
  return exact_sum_ordered(product.high, low);
}

// A base, by the logarithms of 2 and of e in it; products of the first one's high part and k are exact.
struct Base {
  double of_2_high, of_2_low, of_e_high, of_e_low;
};
constexpr Base natural = {0x1.62e42fefa38p-1, 0x1.ef35793c7673p-45, 1, 0};
constexpr Base binary = {1, 0, 0x1.71547652b82fep+0, 0x1.777d0ffda0d24p-56};
constexpr Base decimal = {0x1.34413509f78p-2, 0x1.fef311f12b358p-46, 0x1.bcb7b1526e50ep-2,
                          0x1.95355baaafad3p-57};

// Of positive, finite x.
Pair logarithm(Lanes x, const Base& base) {
  const Parts p = take_apart(x, true);
  Pair l = log_of_near_one(p.m);
  if (base.of_e_high != 1) {
    const Pair product = exact_product(l.high, x.constant(base.of_e_high));
    l = {product.high, fma(l.low, base.of_e_high, fma(l.high, base.of_e_low, product.low))};
  }
  const Pair sum = exact_sum_ordered(p.k * base.of_2_high, l.high);
  return exact_sum_ordered(sum.high, fma(p.k, base.of_2_low, sum.low + l.low));
}

}  // namespace

Pair log_in_two(Lanes x) { return logarithm(x, natural); }

Lanes log2(Lanes x) { return with_limits_of_log(x, logarithm(x, binary).high); }
Lanes log10(Lanes x) { return with_limits_of_log(x, logarithm(x, decimal).high); }

// e^(y log |x|) with the sign of an odd y; limits as in C, Annex F.10.4.4.
Lanes pow(Lanes x, Lanes y, bool precise) {
  const Lanes size = abs(x);
  Lanes high, low = x.constant(0);
  if (precise) {
    const Pair l = logarithm(size, natural);
    high = y * with_limits_of_log(size, l.high);
    low = where(abs(high) < 1000, fma(y, l.low, fma(y, l.high, -high)), 0);
  } else {
    high = y * log(size);
  }
  const Exponential e = exponential(Pair{high, low});
  const Lanes value = scale(e.mantissa, e);
  const Lanes integral = rint(y) == y;
  const Lanes half = 0.5 * y;
  const Lanes odd = integral & (rint(half) != half) & (abs(y) < 0x1p53);
  const Lanes negative = copysign(x.constant(1), x) < 0;
  const Lanes with_sign = where(negative & odd, -value, value);
  const Lanes outside = (x < 0) & (x > -infinite) & !integral & !is_nan(y);
  const Lanes is_one = (x == 1) | (y == 0) | ((x == -1) & (abs(y) == infinite));
  return where(is_one, 1, where(outside, undefined, with_sign));
}

// x = 2^(3q) a with ½ < a < 6: a cubic in the mantissa, one step of Halley's iteration (2^-13 → 2^-40) and
// one of Newton's with the exact residual.
Lanes cbrt(Lanes x) {
  const Lanes size = abs(x);
  const Parts p = take_apart(size, true);
  const Lanes q = floor((p.k + 0.5) * 0x1.5555555555555p-2);
  const Lanes r = p.k - 3 * q;
  const Lanes a = p.m * where(r == 0, 1, where(r == 1, 2, 4, r));
  const Lanes guess = polynomial(p.m, {0x1.f92ca7d706722p-2, 0x1.797621ee4cd5fp-1, -0x1.26dce31b5058bp-2,
                                       0x1.d6a9c7ff0ded8p-5}) *
                      where(r == 0, 1, where(r == 1, 0x1.428a2f98d728bp+0, 0x1.965fea53d6e3dp+0, r));
  const Lanes cube = guess * guess * guess;
  const Lanes y = guess * fma(a, 2.0, cube) / fma(cube, 2.0, a);
  const Pair square = exact_product(y, y);
  const Lanes residual = fma(y, square.low, fma(y, square.high, -a));
  const Lanes root = y - residual / (3 * square.high);
  const Lanes power = from_bits(shift_left(bits(q + (double_format.to_integer + double_format.bias)), 52));
  return where((size < infinite) & (size > 0), copysign(root * power, x), x);
}

// Scaled by a power of two where squares would leave the range.
Lanes hypot(Lanes x, Lanes y) {
  const Lanes first = abs(x), second = abs(y);
  const Lanes a = where(first < second, second, first), b = where(first < second, first, second);
  const Lanes great = a > 0x1p500, little = a < 0x1p-400;
  const Lanes down = where(great, 0x1p-600, where(little, 0x1p600, 1, a));
  const Lanes up = where(great, 0x1p600, where(little, 0x1p-600, 1, a));
  const Lanes u = a * down, v = b * down;
  const Lanes value = sqrt(fma(u, u, v * v)) * up;
  return where((first == infinite) | (second == infinite), infinite, value);
}

}  // namespace gradc::recipe
