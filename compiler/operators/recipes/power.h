// Logarithms to twice the precision, and what needs them: powers, whose exponent multiplies the error. Roots
// beside them. On doubles. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/operators/recipes/format.h"

namespace gradc::recipe {

Pair log_in_two(Lanes x);  // log x of positive, finite x to about 2^-65
Lanes log2(Lanes x);
Lanes log10(Lanes x);
// `precise`: to the last place of a double; otherwise to that of an f32.
Lanes pow(Lanes x, Lanes y, bool precise);
Lanes cbrt(Lanes x);
Lanes hypot(Lanes x, Lanes y);

}  // namespace gradc::recipe
