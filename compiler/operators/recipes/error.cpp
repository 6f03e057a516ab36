// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/recipes/error.h"

#include "compiler/operators/recipes/exponential.h"

namespace gradc::recipe {

namespace {

// erf x / x − 1 in x², for |x| ≤ 1: minimax, errors 2^-68 and 2^-29.
Lanes erf_series(Lanes square) {
  if (square.is_f32())
    return polynomial(square, {0x1.06eba8p-3, -0x1.81273ep-2, 0x1.ce2d2p-4, -0x1.b7fbb4p-6, 0x1.5419f4p-8,
                               -0x1.a485e8p-11, 0x1.4ae4c2p-14});
  return polynomial(
      square, {0x1.06eba8214db69p-3, -0x1.812746b0379e7p-2, 0x1.ce2f21a042bdep-4, -0x1.b82ce312889c2p-6,
               0x1.565bcd0e65192p-8, -0x1.c02db3fef0138p-11, 0x1.f9a326c2d8334p-14, -0x1.f4d25629fda1ap-17,
               0x1.b9e6518c9ef39p-20, -0x1.5f6d9caf405d9p-23, 0x1.fc43ef5c33976p-27, -0x1.4e63568413ffcp-30,
               0x1.7f17058ed3417p-34, -0x1.29e10ba4be90ep-38});
}

// (1 + 2x) e^(x²) erfc x for 1 ≤ x ≤ 28 (10.45 of f32), t = (x − 3)/(x + 3): minimax, errors 2^-58 and 2^-31.
Lanes scaled_erfc_series(Lanes t) {
  if (t.is_f32())
    return polynomial(t, {0x1.40c522p+0, -0x1.15c084p-3, -0x1.85a142p-5, 0x1.09835cp-3, -0x1.e88d16p-4,
                          0x1.17cbecp-4, -0x1.853226p-6, 0x1.495a1ep-9, 0x1.dd26b4p-10, -0x1.720364p-11});
  return polynomial(
      t, {0x1.40c522d7e4987p+0,  -0x1.15c084bb9e8f3p-3,  -0x1.85a15c58aa6dcp-5,  0x1.098366a5b46a7p-3,
          -0x1.e88b803a4654ep-4, 0x1.17ca2877f08bap-4,   -0x1.8574c40d5245ep-6,  0x1.4b884e4b8b40cp-9,
          0x1.ef1bdee54155p-10,  -0x1.98db545e1cae2p-11, -0x1.b9136b1721ef3p-14, 0x1.065ae7c2d5499p-13,
          0x1.4c7834318cf56p-18, -0x1.51639ffad1604p-16, -0x1.8f928543b565dp-21, 0x1.d72925982eb46p-19,
          0x1.871c96e86c1cdp-22, -0x1.75f025df5220bp-21, -0x1.b002ab3cd99dp-24,  0x1.62b4c6cc63ba6p-23,
          -0x1.0a21f69ad9094p-25});
}
}  // namespace

Lanes scaled_erfc(Lanes x) { return scaled_erfc_series((x - 3) / (x + 3)) / fma(x, 2.0, 1.0); }
Lanes erfc_of_small(Lanes x) { return fma(-x, erf_series(x * x), 1 - x); }

namespace {

// e^(−x² times ½ or 1), the square without rounding.
Exponential gaussian(Lanes x, double times) {
  const Pair square = exact_product(x, x);
  return exponential(Pair{-times * square.high, -times * square.low});
}
Lanes at_most(Lanes x, double limit) { return where(x > limit, limit, x); }

// For x ≥ 1.
Lanes erfc_of_large(Lanes x) {
  const Lanes within = at_most(x, x.is_f32() ? 10.4 : 28);
  const Exponential e = gaussian(within, 1);
  return scale(e.mantissa * scaled_erfc(within), e);
}

}  // namespace

Lanes erf(Lanes x) {
  const Lanes size = abs(x);
  const Lanes near = fma(size, erf_series(x * x), size);
  return copysign(where(size < 1, near, 1 - erfc_of_large(size)), x);
}

Lanes erfc(Lanes x) {
  const Lanes size = abs(x);
  const Lanes large = erfc_of_large(size);
  return where(size < 1, erfc_of_small(x), where(x < 0, 2 - large, large));
}

// x/2 erfc(−x/√2): the exponential is that of −x²/2, and x multiplies it before it may become denormal.
Lanes gelu(Lanes x) {
  const double limit = x.is_f32() ? 14.7 : 39.5;
  const Lanes within = where(x == -infinite, 0, where(x < -limit, -limit, x));
  const Lanes size = at_most(abs(within), limit);
  const Lanes half = 0.5 * within;
  const Lanes t = size * 0x1.6a09e667f3bcdp-1;
  const Exponential e = gaussian(size, 0.5);
  const Lanes tail = e.mantissa * scaled_erfc(t);
  const Lanes left = scale(half * tail, e);
  const Lanes right = fma(-0.5 * size, scale(tail, e), x);
  const Lanes signed_t = copysign(t, x);
  const Lanes near = half * fma(signed_t, erf_series(t * t), 1 + signed_t);
  return where(t < 1, near, where(x < 0, left, right));
}

}  // namespace gradc::recipe
