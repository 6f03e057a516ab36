// Derivatives that functions state themselves; see elementary/stated.cpp.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/equations/system.h"
#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"

namespace gradc {

extern const Operator op_stated, op_carried, op_held;

// The values alone: for those who do not differentiate any more.
Expr without_stated(Expr e);
System without_stated(const System& system);

// What differentiation has made of a body is a term of its own, and no longer held: the derivative by one
// argument goes on to depend on the others. Inside `stated` all stays as it is.
Expr released(Expr derivative);

}  // namespace gradc
