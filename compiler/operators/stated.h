// Derivatives that functions state themselves; see elementary/stated.cpp.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/equations/system.h"
#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/operators/matrix_equations.h"

namespace gradc {

extern const Operator op_stated, op_carried, op_held;

// Whether a derivative flows through the operand: not through the one that `carried` holds for it.
inline bool lets_through(Expr e, std::size_t operand) { return operand != 1 || !e->is(op_carried); }

// The values alone: for those who do not differentiate any more. Of a system, what its outputs need.
Expr without_stated(Expr e);
System without_stated(const System& system);

// What differentiation has made of a body is a term of its own, and no longer held: the derivative by one
// argument goes on to depend on the others, and reads the equations themselves, not copies in which something
// is held. What a `stated` inside it holds stays held.
Expr released(Expr derivative);
Matrix released(Matrix of_derivative);

}  // namespace gradc
