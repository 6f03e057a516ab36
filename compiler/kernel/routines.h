// What functions of matrices are made of in kernels: factorisations and triangular solves, written out as
// loops; everything around them is equations. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/equations/call_operator.h"

namespace gradc::kernel {

// P·A = L·U with partial pivoting: (A) → (L and U in one, which row was exchanged with row k)
extern const CallOperator routine_lu;
// From the results of routine_lu and a right side; NaN where a pivot is 0.
extern const CallOperator routine_lu_solve, routine_lu_solve_transposed;
// From a triangle and a right side; NaN where the diagonal has a 0.
extern const CallOperator routine_lower, routine_lower_transposed, routine_upper, routine_upper_transposed;
// (A) → L with L·L' = (A + A')/2; NaN where that is not positive definite
extern const CallOperator routine_cholesky;
// S·A·T diagonal, by complete pivoting: (A) → (S, the diagonal, T, det S·det T, room for work)
extern const CallOperator routine_diagonal;

// The system with its calls as calls of routines and equations around them.
System expand_calls(const System& system);

}  // namespace gradc::kernel
