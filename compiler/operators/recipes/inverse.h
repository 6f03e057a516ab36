// Inverse trigonometric functions, on doubles: minimax polynomials after the usual reductions (Cody & Waite
// 1980, ch. 10, 11): asin by half angles, atan by tan(π/8).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/operators/recipes/format.h"

namespace gradc::recipe {

Lanes asin(Lanes x);
Lanes acos(Lanes x);
Lanes atan(Lanes x);
Lanes atan2(Lanes y, Lanes x);

}  // namespace gradc::recipe
