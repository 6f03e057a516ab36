// The equations that a claim reads, with its two sides as tensors of their own. Consts with one value for all
// elements are equations too, so that a value is the exact number that the file states.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <vector>

#include "compiler/sema/model.h"

namespace gradc {

struct ClaimedSystem {
  System system;
  TensorId left, right;
};
ClaimedSystem claimed_system(const Model& model, const Claim& claim);

// What a system reads and does not define, each once.
std::vector<TensorId> given_to(const System& system);

// The tensor whose elements, at the claim's slots, are this expression; it is added to the system.
TensorId add_side(System& system, const Claim& claim, Expr value);

}  // namespace gradc
