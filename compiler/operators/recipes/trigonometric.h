// sin, cos, tan and sinc. Arguments are reduced by multiples of π/2 in three parts (Cody & Waite 1980, ch.
// 8), with the rounding of the result kept; greater ones than 2^30 (2^16 of f32) go to the C library.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/operators/recipes/format.h"

namespace gradc::recipe {

Lanes sin(Lanes x);
Lanes cos(Lanes x);
Lanes tan(Lanes x);
Pair sin_and_cos_of_small(Lanes x);  // |x| ≤ π/4: sin in high, cos in low
Lanes sinc(Lanes x);
Lanes sinc_derivative(int order, Lanes x);

}  // namespace gradc::recipe
