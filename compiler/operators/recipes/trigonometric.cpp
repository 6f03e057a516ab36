// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/recipes/trigonometric.h"

#include <cmath>
#include <vector>

namespace gradc::recipe {

namespace {

// r + tail = x − k π/2 for the nearest k, which is in the low bits of `shifted`.
struct Quarter {
  Lanes r, tail, shifted;
};
Quarter reduce(Lanes x) {
  const bool single = x.is_f32();
  const Lanes shifted = fma(x, single ? 0x1.45f306p-1 : 0x1.45f306dc9c883p-1, format(x).to_integer);
  const Lanes k = shifted - format(x).to_integer;
  const double part1 = single ? 0x1.921fb6p+0 : 0x1.921fb54442d18p+0;
  const double part2 = single ? -0x1.777a5cp-25 : 0x1.1a62633145c07p-54;
  const double part3 = single ? -0x1.ee59dap-50 : -0x1.f1976b7ed8fbcp-110;
  const Lanes rest = fma(k, -part1, x);  // exact
  const Pair product = exact_product(k, k.constant(-part2));
  const Pair r = exact_sum(rest, product.high);
  return {r.high, fma(k, -part3, product.low + r.low), shifted};
}

// sin(r + tail), cos(r + tail) for |r| ≤ π/4; minimax in r², with weights r² (errors 2^-58, 2^-28) and r⁴
// (2^-64, 2^-33).
Lanes sin_near_zero(Lanes r, Lanes tail) {
  const Lanes z = r * r;
  const Lanes series =
      r.is_f32() ? polynomial(z, {-0x1.555546p-3, 0x1.11075cp-7, -0x1.994cf8p-13})
                 : polynomial(z, {-0x1.5555555555549p-3, 0x1.111111110f861p-7, -0x1.a01a019c0e4d8p-13,
                                  0x1.71de3574bbe08p-19, -0x1.ae5e63cec7915p-26, 0x1.5d924728d0af1p-33});
  return r + fma(z * r, series, fma(z * -0.5, tail, tail));
}
Lanes cos_near_zero(Lanes r, Lanes tail) {
  const Lanes z = r * r;
  const Lanes series =
      r.is_f32() ? polynomial(z, {0x1.55554ap-5, -0x1.6c0c86p-10, 0x1.9a00e2p-16})
                 : polynomial(z, {0x1.555555555554cp-5, -0x1.6c16c16c15163p-10, 0x1.a01a019caef6bp-16,
                                  -0x1.27e4f807d8744p-22, 0x1.1ee9ea6e47909p-29, -0x1.8fadd13014d5p-37});
  const Lanes half = 0.5 * z;
  const Lanes start = 1 - half;
  return start + (((1 - start) - half) + fma(z * z, series, -(r * tail)));
}

// Turned by k + more quarters: odd ones swap the functions, the second bit is the sign.
Lanes turned(const Quarter& q, int more) {
  Lanes quarters = bits(q.shifted);
  if (more) quarters = quarters + quarters.integer(more);
  const Lanes odd = (quarters & quarters.integer(1)) == quarters.integer(1);
  const Lanes value = where(odd, cos_near_zero(q.r, q.tail), sin_near_zero(q.r, q.tail));
  const bool single = q.r.is_f32();
  const Lanes sign = shift_left(quarters & quarters.integer(2), single ? 30 : 62);
  return from_bits(bits(value) ^ sign);
}

Lanes is_far(Lanes x) { return abs(x) > (x.is_f32() ? 0x1p16 : 0x1p30); }

}  // namespace

Pair sin_and_cos_of_small(Lanes x) {
  return {sin_near_zero(x, x.constant(0)), cos_near_zero(x, x.constant(0))};
}

Lanes sin(Lanes x) { return call_where(is_far(x), "sin", {x}, where(x == 0, x, turned(reduce(x), 0))); }
Lanes cos(Lanes x) { return call_where(is_far(x), "cos", {x}, turned(reduce(x), 1)); }

// sin/cos, or −cos/sin after an odd number of quarters.
Lanes tan(Lanes x) {
  const Quarter q = reduce(x);
  const Lanes s = sin_near_zero(q.r, q.tail), c = cos_near_zero(q.r, q.tail);
  const Lanes odd = (bits(q.shifted) & bits(x).integer(1)) == bits(x).integer(1);
  const Lanes value = where(odd, c, s) / where(odd, -s, c);
  return call_where(is_far(x), "tan", {x}, where(x == 0, x, value));
}

Lanes sinc(Lanes x) { return where(x == 0, 1, where(abs(x) == infinite, 0, sin(x) / x)); }

// sinc⁽ⁿ⁾ = (sin⁽ⁿ⁾ − n sinc⁽ⁿ⁻¹⁾)/x, from the left of Leibniz' rule for x sinc x = sin x, away from 0; near
// it Σ_k cos((n + k)π/2) x^k / (k! (n + k + 1)), of which every other term is there.
Lanes sinc_derivative(int order, Lanes x) {
  const double near = order + 1;
  const Lanes s = sin(x), c = cos(x);
  Lanes far = s / x;
  for (int n = 1; n <= order; ++n) {
    const Lanes of_sine = n % 2 == 0 ? s : c;
    far = ((n % 4 < 2 ? of_sine : -of_sine) - static_cast<double>(n) * far) / x;
  }
  std::vector<double> terms;
  double factorial = 1;
  for (int k = 0; std::pow(near, k) / factorial > 0x1p-60; ++k, factorial *= k)
    if ((order + k) % 2 == 0)
      terms.push_back(((order + k) % 4 == 0 ? 1 : -1) / (factorial * (order + k + 1)));
  Lanes series = polynomial(x * x, terms);
  if (order % 2 == 1) series = where(x == 0, 0, x * series);
  return where(abs(x) == infinite, 0, where(abs(x) > near, far, series));
}

}  // namespace gradc::recipe
