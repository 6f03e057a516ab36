// e^x and what is made of it. Reduction to |r| ≤ ½ log 2 in two parts (Cody & Waite, Software Manual for the
// Elementary Functions, 1980, ch. 6), a minimax polynomial, and a power of two put together from its bits.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/operators/recipes/format.h"

namespace gradc::recipe {

// e^x = mantissa · 2^k, without overflow.
struct Exponential {
  Lanes mantissa;
  Lanes k;
  Lanes shifted;  // k in the low bits of a number
};
Exponential exponential(Lanes x);
Exponential exponential(Pair x);  // of high + low
// a · 2^k, rounded once, also to denormal numbers and infinity.
Lanes scale(Lanes a, const Exponential& by);
// (e^x − 1) / 2^halvings.
Lanes expm1_scaled(Lanes x, int halvings);

Lanes exp(Lanes x);
Lanes exp2(Lanes x);
Lanes expm1(Lanes x);
Lanes exp_difference(Lanes x, Lanes y);  // e^(x − y), see elementary/exp_difference.cpp
Lanes sigmoid(Lanes x);
Lanes silu(Lanes x);
Lanes elu(Lanes x);
Lanes tanh(Lanes x);
Lanes sinh(Lanes x);
Lanes cosh(Lanes x);

}  // namespace gradc::recipe
