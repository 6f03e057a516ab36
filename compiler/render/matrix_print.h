// Matrix formulas as LaTeX, and as text in Unicode: Xᵀ(Xw − y).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>

#include "compiler/render/matrix_terms.h"
#include "compiler/render/term_printer.h"

namespace gradc::matrix {

std::string print(Terms& terms, TermId id, PrintScope& scope);
// The tensor as a whole, with the subscripts that stay: W, h_{t+1}, ∇_W E.
std::string print_whole(Expr access, PrintScope& scope, bool& single);

}  // namespace gradc::matrix
