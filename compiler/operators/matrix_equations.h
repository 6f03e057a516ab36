// Equations between matrices, written as in a paper: the derivatives of functions of matrices are had in this
// form, and become definitions of elements and further calls. SPDX-License-Identifier: Apache-2.0 WITH
// LLVM-exception
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "compiler/equations/call_operator.h"
#include "compiler/equations/context.h"

namespace gradc {

// A tensor as the expression of its element over indices of its own, one per axis; other indices in it stand
// outside: each value of them has a matrix of its own. Without an expression: structurally zero.
struct Matrix {
  Expr element = {};
  std::vector<Index> axes = {};
  explicit operator bool() const { return static_cast<bool>(element); }
};

class MatrixEquations {
 public:
  struct Options {
    std::function<void(Definition)> add;                     // where definitions go
    std::function<std::string(std::string_view stem)> name;  // of a new tensor
    Role role = Role::derived;                               // of new tensors
    Origin origin = {};
    std::function<DimId(Index)> dim = {};  // of an outside index with a numeric range
    const System* system = nullptr;        // whose calls are not made a second time
  };
  MatrixEquations(Context& context, Options options) : c_(context), options_(std::move(options)) {}

  Context& context() const { return c_; }

  // f(arguments). Outside indices of the arguments become leading axes, except that a right side's own become
  // columns: one matrix is taken apart once.
  Matrix call(const CallOperator& op, std::span<const Matrix> arguments, std::string_view stem);
  Matrix call(const CallOperator& op, std::initializer_list<Matrix> arguments, std::string_view stem) {
    return call(op, std::span(arguments.begin(), arguments.size()), stem);
  }

  // The same matrix over other indices.
  Expr at(const Matrix& a, std::span<const Expr> positions) const;
  Expr at(const Matrix& a, std::initializer_list<Expr> positions) const {
    return at(a, std::span(positions.begin(), positions.size()));
  }
  Matrix transposed(const Matrix& a) const;
  Matrix product(const Matrix& a, const Matrix& b) const;  // Σ_k a[i, k]·b[k, …]
  Matrix outer(const Matrix& a, const Matrix& b) const;    // Σ_… a[i, …]·b[k, …]
  Matrix inner(const Matrix& a, const Matrix& b) const;    // Σ_ij a[i, j]·b[i, j]
  Matrix scaled(Expr factor, const Matrix& a) const;
  Matrix sum(const Matrix& a, const Matrix& b) const;
  Matrix difference(const Matrix& a, const Matrix& b) const;
  Matrix negated(const Matrix& a) const;
  Matrix symmetric(const Matrix& a) const;  // (a + a') / 2
  // What stands where i >= j (or i <= j), with the diagonal times `diagonal`.
  Matrix triangle(const Matrix& a, bool lower, const Rational& diagonal = 1) const;
  // The same behind a name: what is read many times is computed once.
  Matrix named(const Matrix& a, std::string_view stem);

 private:
  TensorId tensor(const Matrix& a, std::span<const Index> outside, bool outside_last, std::string_view stem);
  TensorId known(const Call& call) const;
  std::vector<Index> outside(const Matrix& a) const;

  Context& c_;
  Options options_;
};

}  // namespace gradc
