// A call between tensors as matrices over indices, for the rules of its operator.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/equations/system.h"
#include "compiler/operators/matrix_equations.h"

namespace gradc {

// Where the derivatives of a call put what they need: into the system, named after the call's value.
MatrixEquations equations_for(System& system, const Definition& call, Role role);

// The elements of `tensor`: at `before`, then at its own axes behind `lead` of them, then at `behind`.
Matrix matrix(Context& context, TensorId tensor, std::size_t lead, std::span<const Expr> before,
              std::span<const Expr> behind = {});

}  // namespace gradc
