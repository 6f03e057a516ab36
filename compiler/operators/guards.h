// The order of conditions: `and` asks from left to right, and what stands first guards what follows.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <vector>

#include "compiler/equations/expr.h"

namespace gradc {

// Adds a condition: before the others, or behind them if it can be asked only where these hold, as
// steps[k - 1] == j where k > 0.
void add_guard(std::vector<Expr>& guards, Expr guard);

}  // namespace gradc
