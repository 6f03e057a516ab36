// An expression under a condition on positions: over indices of its own, whose ranges say what the condition
// says. So what is found out about it holds there and nowhere else.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/equations/walk.h"
#include "compiler/simplify/ranges.h"

namespace gradc {

struct Narrowed {
  Expr e;
  IndexMap back;  // to the indices that they stand for; empty: the condition says nothing of e's indices
};
Narrowed narrow(Expr e, Expr condition, bool holds, Ranges& ranges);

// Whether the condition holds for all values of the indices; nothing: not seen.
std::optional<bool> decided(Expr condition, const Ranges& ranges);

}  // namespace gradc
