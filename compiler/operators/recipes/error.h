// The error function and its complement: e^(−x²) times (1 + 2x) e^(x²) erfc x, a polynomial in
// (x − 3)/(x + 3) (Shepherd & Laframboise, Math. Comp. 36, 1981), and an odd polynomial near 0.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/operators/recipes/format.h"

namespace gradc::recipe {

Lanes erf(Lanes x);
Lanes erfc(Lanes x);
Lanes gelu(Lanes x);
Lanes scaled_erfc(Lanes x);    // e^(x²) erfc x for 1 ≤ x ≤ 28
Lanes erfc_of_small(Lanes x);  // for |x| ≤ 1

}  // namespace gradc::recipe
