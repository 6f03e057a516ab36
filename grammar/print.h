// The tree as a program again: one statement a line, without comments. Parsing what is printed and printing
// it once more gives the same text. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>

#include "grammar/syntax.h"

namespace gradc::syntax {

enum class Parentheses {
  as_written,
  all,  // around every operand that is not a name, number, call or bracket: shows the shape of the tree
};

std::string print(const Program& program, Parentheses parentheses = Parentheses::as_written);
std::string print(const Program& program, const Statement& statement,
                  Parentheses parentheses = Parentheses::as_written);
std::string print(const Program& program, ExprId expr, Parentheses parentheses = Parentheses::as_written);

}  // namespace gradc::syntax
