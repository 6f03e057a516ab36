// Does an expression have a rule's form, and what does the rule make of it?
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <optional>

#include "compiler/simplify/rule.h"

namespace gradc {

// `see` may show what stands behind an expression (the definition of a name, for the machine); it is asked
// where the pattern wants an operator and the expression is an access.
using LookThrough = Expr (*)(const void* state, Expr access);

// The holes' contents, or none. Commutative operators match in either order.
std::optional<Match> match(Expr pattern, Expr e, const Context& patterns, LookThrough see = nullptr,
                           const void* state = nullptr);
// The right side with its holes filled, in the Context of the target. Numbers alone are folded.
Expr fill(Expr pattern, const Match& match, Context& target);

}  // namespace gradc
