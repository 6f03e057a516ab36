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

// (1 + 2x) e^(x²) erfc x for ½ ≤ x ≤ 28 (10.45 of f32), t = (x − 3)/(x + 3): minimax, errors 2^-59 and 2^-30.
Lanes scaled_erfc_series(Lanes t) {
  if (t.is_f32())
    return polynomial(
        t, {0x1.40c522p+0, -0x1.15c084p-3, -0x1.85a18cp-5, 0x1.09834ep-3, -0x1.e8894p-4, 0x1.17cd86p-4,
            -0x1.85c1f6p-6, 0x1.483518p-9, 0x1.fff234p-10, -0x1.693512p-11, -0x1.7e8264p-13});
  return polynomial(
      t, {0x1.40c522d7e4987p+0,  -0x1.15c084bb9e8f3p-3,  -0x1.85a15c58aa5cap-5,  0x1.098366a5b46e3p-3,
          -0x1.e88b803a493fp-4,  0x1.17ca2877f06p-4,     -0x1.8574c40bc5f8p-6,   0x1.4b884e45b17e5p-9,
          0x1.ef1bdd3c18c6bp-10, -0x1.98db5154ebdf8p-11, -0x1.b9126bd478bb4p-14, 0x1.065a3d6ddafb2p-13,
          0x1.4c20efd8d3e0ap-18, -0x1.513c04b2b3f4dp-16, -0x1.87cb4e08706dcp-21, 0x1.d212b9e8867e8p-19,
          0x1.79eaba7910638p-22, -0x1.4ab681fff4a7cp-21, -0x1.1df58097f69afp-23, 0x1.ad3bb1870a6ebp-24,
          0x1.1d2aaf30e70bp-25,  -0x1.7ce60403262cep-27, -0x1.0e246fcdb50f7p-28});
}
// e^(x²) erfc x
Lanes scaled_erfc(Lanes x) { return scaled_erfc_series((x - 3) / (x + 3)) / fma(x, 2.0, 1.0); }

// e^(−x² times ½ or 1), the square without rounding.
Exponential gaussian(Lanes x, double times) {
  const Pair square = exact_product(x, x);
  return exponential(Pair{-times * square.high, -times * square.low});
}
Lanes at_most(Lanes x, double limit) { return where(x > limit, limit, x); }

// For x ≥ ½.
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
  const Lanes near = fma(-x, erf_series(x * x), 1 - x);
  const Lanes large = erfc_of_large(size);
  return where(size < 0.5, near, where(x < 0, 2 - large, large));
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
  return where(t < 0.5, near, where(x < 0, left, right));
}

}  // namespace gradc::recipe
