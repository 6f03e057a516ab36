// The derivative that is still to be taken, ∂/∂x_k (…), as a term: what stands in the middle of a derivation.
// No pass but `steps` makes it, and no back end meets it. SPDX-License-Identifier: Apache-2.0 WITH
// LLVM-exception
#pragma once

#include "compiler/equations/operator.h"

namespace gradc {

// Of the element of a tensor, and the term.
extern const Operator op_derivative_of_term;  // ∂/∂x_k (…)
extern const Operator op_derivative_of_name;  // ∂y_i/∂x_k

inline bool is_formal(Expr e) { return e->is(op_derivative_of_term) || e->is(op_derivative_of_name); }

}  // namespace gradc
