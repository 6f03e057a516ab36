// Formulas with the numbers of one point put in: the blackboard of a lecture. Text has the numbers in the
// place of the names, LaTeX under them. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <vector>

#include "compiler/operators/evaluate.h"
#include "compiler/render/term_printer.h"

namespace gradc {

struct NumberLine {
  std::string left;                // a_0[1]
  std::vector<std::string> right;  // pieces; empty: the number alone
  std::string value;
};

// For the first elements of `tensor`, whose value is the term (null: no term). `values` has all tensors that
// it reads, and its own.
std::vector<NumberLine> number_lines(const System& system, TensorId tensor, Expr value,
                                     const Point<double>& values, Format format, const Notation& notation);

// Ten significant digits, as `gradc eval` prints them.
std::string short_number(double value);
// 1.5e-07 as 1.5\cdot 10^{-7}
std::string number_in_latex(const std::string& text);

}  // namespace gradc
