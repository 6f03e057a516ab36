// log Γ and its derivatives, on doubles: lgamma is the C library's; the others by recurrence upwards and
// asymptotic series (DLMF 5.11.2, 5.15.8), by reflection (5.15.6) to the left of 0.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/operators/recipes/format.h"

namespace gradc::recipe {

Lanes lgamma(Lanes x);
Lanes polygamma(int order, Lanes x);  // order 0 is digamma
Lanes digamma(Lanes x);
Lanes trigamma(Lanes x);

}  // namespace gradc::recipe
