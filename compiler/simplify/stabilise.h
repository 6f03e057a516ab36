// The pass `stabilised`, for the machine only: formulas that lose digits or leave the range of numbers become
// ones that do not. It may look through names: a0*(1 - a0) with a0 = sigmoid(z0) becomes a0*sigmoid(-z0).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/simplify/simplify.h"

namespace gradc {

// To a fixed point, like `simplify`. Every rule holds on the same domain and is more accurate, or finite
// where the naive formula is not; what the user wrote is included.
System stabilise(const System& system, std::vector<SystemStep>* steps = nullptr);

}  // namespace gradc
