// What SymPy calls our operators and functions of matrices, as pieces of Python.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/equations/call_operator.h"
#include "compiler/equations/operator.h"

namespace gradc {

// "sp.Abs(#1)" with the arguments as holes; empty: SymPy has no such function.
std::string sympy_form(const Operator& op);

// A function of matrices, and what these functions are made of.
std::string sympy_call(const CallOperator& op, const std::vector<std::string>& arguments);
std::string_view sympy_matrix_functions();

// sp.Matrix(N, N, lambda row, column: A[row, column]). A vector is a column, and further axes are columns one
// after another; `before` are the subscripts in front of the matrix.
std::string sympy_matrix(const std::string& name, bool is_function, const std::string& before,
                         const std::vector<std::string>& sizes);
// The element of such a matrix: its row, and the positions on the axes behind, whose sizes are `columns`.
std::string sympy_element(const std::string& matrix, const std::vector<std::string>& positions,
                          const std::vector<std::string>& columns);

// Words that a name cannot be.
std::span<const std::string_view> sympy_keywords();

}  // namespace gradc
