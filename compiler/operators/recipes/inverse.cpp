// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/recipes/inverse.h"

namespace gradc::recipe {

namespace {

constexpr double pi_high = 0x1.921fb54442d18p+1, pi_low = 0x1.1a62633145c07p-53;

// asin s = s + rest, for 0 ≤ s ≤ ½, minimax with weight s² of s² (error 2^-59).
struct HalfAngle {
  Lanes far, s, rest;  // far: s = √((1 − |x|)/2), else s = |x|
};
HalfAngle asin_of_half(Lanes x) {
  const Lanes size = abs(x);
  const Lanes far = size > 0.5;
  const Lanes z = where(far, 0.5 * (1 - size), x * x);
  const Lanes s = where(far, sqrt(z), size);
  const Lanes series =
      polynomial(z, {0x1.5555555555578p-3, 0x1.333333332df01p-4, 0x1.6db6db722c323p-5, 0x1.f1c71a8b5b2d1p-6,
                     0x1.6e8bdfecdc48ep-6, 0x1.1c49dd9e3d62ep-6, 0x1.ca214c94ccf29p-7, 0x1.75775044c512p-7,
                     0x1.618bee9af73dfp-7, 0x1.e14ac406bb671p-9, 0x1.6506934c7283ep-6, -0x1.59fc6daa28a48p-6,
                     0x1.0be618e22d6c6p-5});
  return {far, s, s * z * series};
}

// The angle of (x, y), x, y ≥ 0, turned from ±π if `left`. atan(a/b) for a ≤ b, and of (a − b)/(a + b) where
// a/b > tan(π/8): |t| ≤ √2 − 1, minimax with weight t² of t² (error 2^-59).
Lanes angle(Lanes y, Lanes x, Lanes left) {
  const Lanes steep = y > x;
  const Lanes a = where(steep, x, y), b = where(steep, y, x);
  const Lanes middle = a > 0x1.a827999fcef32p-2 * b;
  const Lanes t = where(middle, a - b, a) / where(middle, a + b, b);
  const Lanes z = t * t;
  const Lanes series =
      polynomial(z, {-0x1.555555555553dp-2, 0x1.9999999995864p-3, -0x1.24924922ad9cep-3, 0x1.c71c70e632c22p-4,
                     -0x1.745cf8e035f0ep-4, 0x1.3b11194fae76fp-4, -0x1.10ebb98ab1589p-4, 0x1.df0f4c664e3e3p-5,
                     -0x1.9cd26ec096ac3p-5, 0x1.37d402681bd7dp-5, -0x1.2564df4398a95p-6});
  // start ± (t + …), start a multiple of π/4, of which π/4 counts as π/2 − π/4 where it is steep
  const Lanes quarters = where(steep, where(middle, 1, 2, t), where(middle, 1, 0, t));
  const Lanes start = where(left, 4 - quarters, quarters) * 0.25;
  const Lanes minus = steep ^ left;
  const Lanes rest = t * z * series;
  const Lanes high = start * pi_high;
  const Lanes low = fma(start, pi_low, where(minus, -rest, rest));
  const Lanes lead = where(minus, -t, t);
  const Pair sum = exact_sum(high, lead);
  return sum.high + (sum.low + low);
}

}  // namespace

Lanes asin(Lanes x) {
  const HalfAngle h = asin_of_half(x);
  const Lanes far = 0.5 * pi_high - (2 * h.s - (0.5 * pi_low - 2 * h.rest));
  return copysign(where(h.far, far, h.s + h.rest), x);
}

// 2 asin s, π − 2 asin s, π/2 − asin x
Lanes acos(Lanes x) {
  const HalfAngle h = asin_of_half(x);
  const Lanes negative = x < 0;
  const Lanes twice = 2 * (h.s + h.rest);
  const Lanes left = pi_high - (2 * h.s - (pi_low - 2 * h.rest));
  const Lanes signed_s = copysign(h.s, x), signed_rest = copysign(h.rest, x);
  const Lanes near = 0.5 * pi_high - (signed_s - (0.5 * pi_low - signed_rest));
  return where(h.far, where(negative, left, twice), near);
}

Lanes atan(Lanes x) {
  const Lanes size = abs(x);
  const Lanes one = x.constant(1);
  const Lanes finite = where(size > 0x1p1000, 0x1p1000, size);
  return copysign(angle(finite, one, x != x), x);
}

// Infinities are as far as 1 from 0, great numbers are halved twice, and the angle of (0, 0) is that of (1,
// 0).
Lanes atan2(Lanes y, Lanes x) {
  const Lanes any_infinite = (abs(x) == infinite) | (abs(y) == infinite);
  const auto tame = [&](Lanes v) { return where(any_infinite, where(abs(v) == infinite, 1, 0, v), v); };
  const Lanes great = (abs(x) > 0x1p1000) | (abs(y) > 0x1p1000);
  const Lanes factor = where(great, 0.25, 1, x);
  const Lanes a = tame(abs(y)) * factor, b = tame(abs(x)) * factor;
  const Lanes left = copysign(x.constant(1), x) < 0;
  const Lanes value = angle(a, where((a == 0) & (b == 0), 1, b), left);
  return where(is_nan(x), x, where(is_nan(y), y, copysign(value, y)));
}

}  // namespace gradc::recipe
