// The regularised incomplete gamma functions, on doubles. Both have digits of their own in their tails: of
// the two the lesser is computed, the other is 1 less it. Where which method serves is after Gil, Segura &
// Temme 2012, "Efficient and accurate algorithms for the computation and inversion of the incomplete gamma
// function ratios", with step counts that are fixed, since recipes have no branches. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/operators/recipes/format.h"

namespace gradc::recipe {

Lanes gamma_density(Lanes a, Lanes x);  // x^(a − 1) e^(−x) / Γ(a), any a
Lanes gammainc(Lanes a, Lanes x);       // P
Lanes gammaincc(Lanes a, Lanes x);      // Q

}  // namespace gradc::recipe
