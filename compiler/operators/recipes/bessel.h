// Bessel functions: the C library's, element by element.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/operators/recipes/lanes.h"

namespace gradc::recipe {

Lanes besselj0(Lanes x);
Lanes besselj1(Lanes x);
Lanes besselj(int order, Lanes x);  // of any sign

}  // namespace gradc::recipe
