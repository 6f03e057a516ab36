// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/recipes/arithmetic.h"

namespace gradc::recipe {

namespace {

std::optional<Rational> literal(Lanes x) { return x.emitter->literal(x.value); }

Lanes power(Lanes x, std::int64_t n) {
  std::optional<Lanes> result;
  for (Lanes factor = x;; factor = factor * factor) {
    if (n & 1) result = result ? *result * factor : factor;
    if ((n >>= 1) == 0) return *result;
  }
}

// 1/x^n in two steps, so that x^n neither overflows nor loses digits where the result does not.
Lanes reciprocal_power(Lanes x, std::int64_t n) {
  const Lanes first = 1 / power(x, (n + 1) / 2);
  return n == 1 ? first : first / power(x, n / 2);
}

}  // namespace

Lanes sign(Lanes x) {
  if (!is_float(x.type()))
    return where(x > x.integer(0), x.integer(1), where(x < x.integer(0), x.integer(-1), x));
  return where(x > 0, 1, where(x < 0, -1, x));
}

// NaN if either is; max(−0, 0) = 0. The bits of equal numbers differ in the sign of 0 only. A literal is
// neither NaN nor −0.
Lanes max(Lanes x, Lanes y) {
  if (!is_float(x.type())) return where(x < y, y, x);
  const auto known = literal(y);
  if (known) return known->is_zero() ? where(x <= y, y, x) : where(x < y, y, x);
  const Lanes greater = where(x == y, from_bits(bits(x) & bits(y)), where(x < y, y, x));
  return where(is_nan(y), y, greater);
}
Lanes min(Lanes x, Lanes y) {
  if (!is_float(x.type())) return where(x < y, x, y);
  if (literal(y)) return where(x > y, y, x);
  const Lanes lesser = where(x == y, from_bits(bits(x) | bits(y)), where(x > y, y, x));
  return where(is_nan(y), y, lesser);
}
Lanes clamp(Lanes x, Lanes low, Lanes high) {
  const Lanes raised = where(x < low, low, x);
  Lanes result = where(high <= raised, high, raised);
  if (!literal(low)) result = where(is_nan(low), low, result);
  return literal(high) ? result : where(is_nan(high), high, result);
}

Lanes relu(Lanes x) { return where(x <= 0, 0, x); }
Lanes leaky_relu(Lanes x) { return where(x <= 0, x / 100, x); }

// By squaring, modulo 2^64; 0 for negative n unless x is 1 or −1. Powers of −1 and 2 are the usual ones.
Lanes integer_pow(Lanes x, Lanes n) {
  const Lanes one = x.integer(1), zero = x.integer(0);
  const auto base = literal(x), exponent = literal(n);
  const Lanes odd = n & one;
  if (base && *base == Rational(-1)) return one - (odd + odd);
  if (base && *base == Rational(2))
    return where(n < zero, zero,
                 where(n > x.integer(63), zero, op(MachineOp::shift_left, {one, n & x.integer(63)})));
  if (exponent && exponent->sign() >= 0 && exponent->to_int64())
    return exponent->is_zero() ? one : power(x, *exponent->to_int64());
  Lanes result = one, factor = x, rest = n;
  for (int bit = 0; bit < 63; ++bit) {
    result = where((rest & one) == one, result * factor, result);
    factor = factor * factor;
    rest = shift_right(rest, 1);
  }
  const Lanes of_minus_one = one - (odd + odd);
  const Lanes inverse = where(x == one, one, where(x == -one, of_minus_one, zero));
  return where(n < zero, inverse, result);
}

std::optional<Lanes> literal_pow(Lanes x, const Rational& n) {
  if (n.is_zero()) return x.constant(1);
  // √ as pow has it: of −0 it is 0, of −∞ it is ∞.
  const auto root = [&] { return sqrt(where(x == -infinite, infinite, x + 0)); };
  if (n == Rational(1, 2)) return root();
  if (n == Rational(-1, 2)) return 1 / root();
  const std::optional<std::int64_t> whole = n.to_int64();
  if (!whole || *whole > 8 || *whole < -4) return std::nullopt;
  return *whole > 0 ? power(x, *whole) : reciprocal_power(x, -*whole);
}

}  // namespace gradc::recipe
