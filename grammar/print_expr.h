// Expressions as text, for print.cpp: appended to `out` without recursion, however deep they are.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>

#include "grammar/print.h"
#include "grammar/syntax.h"

namespace gradc::syntax {

void append_expr(std::string& out, const Program& program, ExprId expr, Parentheses parentheses);
void append_range(std::string& out, const Program& program, const Range& range, Parentheses parentheses);
void append_binder(std::string& out, const Program& program, const Binder& binder, Parentheses parentheses);

}  // namespace gradc::syntax
