// What a definition is made of, whatever its kind: the tensors that it defines, its expressions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <vector>

#include "compiler/equations/system.h"

namespace gradc {

// Define, Noise: one; Iterate: the states, then the trip count; Call: the results.
std::vector<TensorId> tensors_defined_by(const Definition& definition);
// The stand-ins for running values inside an iteration.
std::vector<TensorId> stand_ins_of(const Definition& definition);
// In the order in which they are printed.
std::vector<Expr> printed_terms(const Definition& definition);

}  // namespace gradc
