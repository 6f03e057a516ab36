// All that the compiler knows of one function of matrices that is no equation of elements, in one entry. The
// entries are in compiler/operators/matrix/; this folder knows the type only. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "compiler/equations/operator.h"
#include "compiler/equations/system.h"

namespace gradc {

class MatrixEquations;  // compiler/operators/matrix_equations.h: where derivatives are written down
struct Matrix;

// The numbers of one call, row-major.
template <class Real>
struct CallValues {
  std::size_t n = 0;        // rows and columns of the square arguments
  std::size_t columns = 1;  // of the right side
  std::vector<const Real*> arguments;
  Real* result = nullptr;
};

struct CallOperator {
  std::string_view name = "";  // in the language, or "" if it has no name there
  std::string_view id = "";    // unique, for dumps

  // The arguments are square matrices, n × n; with `right`, one more behind them: n rows, and any columns
  // (none: a vector; of several axes: all of them).
  std::size_t squares = 1;
  bool more_squares = false;  // any number of further ones
  bool right = false;
  enum class Value : std::uint8_t { scalar, square, right } value = Value::square;

  // Without further ones.
  std::size_t arity() const { return squares + (right ? 1 : 0); }

  PrintForm text = {};  // the holes are the arguments
  PrintForm latex = {};

  void (*evaluate)(const CallValues<double>&) = nullptr;
  void (*evaluate_precise)(const CallValues<Precise>&) = nullptr;

  // The derivative of the value y along the tangents dx of the arguments, of which one at least is there.
  Matrix (*tangent)(MatrixEquations& m, std::span<const Matrix> x, const Matrix& y,
                    std::span<const Matrix> dx) = nullptr;
  // What the adjoint dy of the value adds to those of the arguments; `wanted` says to which.
  std::vector<Matrix> (*adjoint)(MatrixEquations& m, std::span<const Matrix> x, const Matrix& y,
                                 const Matrix& dy, const std::vector<bool>& wanted) = nullptr;
};

// How many axes are slots: those before the two of the first matrix, for all arguments and the value.
std::size_t leading_axes(const Context& context, const Call& call);

// What is wrong with a call's shapes; empty if nothing is.
std::string check_call(const Context& context, const Call& call);

}  // namespace gradc
