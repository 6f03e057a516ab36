// From equations of elements to formulas of matrices: Σ_n X[n, d]·r[n] is Xᵀr. What is no formula of vectors
// and matrices stays in index form. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <optional>
#include <unordered_set>
#include <vector>

#include "compiler/equations/system.h"
#include "compiler/render/matrix_terms.h"

namespace gradc::matrix {

// The dims whose indices stay indices: those that are shifted (t + 1), counted or compared, and the leading
// axes of tensors with more than two.
std::unordered_set<DimId> label_dims(const System& system);

// A term whose rows and columns are these indices; fewer for vectors and scalars.
struct Shaped {
  TermId term;
  std::vector<Index> axes;
};

// A product of factors under a sum, as it is taken apart.
struct Monomial {
  Rational number = 1;
  std::vector<TermId> over, under;  // scalars
  std::vector<Shaped> factors;
  std::vector<Index> bound;
};
// The matrix product that it is; none if there is none (three matrices that share one summed index).
std::optional<Shaped> contract(Terms& terms, Monomial monomial);

class MatrixForm {
 public:
  MatrixForm(Terms& terms, const System& system) : t_(terms), system_(system), labels_(label_dims(system)) {}

  bool is_label(Index index) const { return !index.dim.valid() || labels_.contains(index.dim); }
  // The value with the given indices as rows, or rows and columns.
  std::optional<TermId> of(Expr value, const std::vector<Index>& axes);
  // A function of whole matrices; none if each value of an index has a matrix of its own.
  std::optional<TermId> of(const Call& call);

 private:
  std::optional<Shaped> convert(Expr e, int depth);
  std::optional<Shaped> convert_sum(Expr e, int depth);
  std::optional<Shaped> convert_function(Expr e, int depth);
  std::optional<Shaped> convert_access(Expr e);
  std::optional<TermId> whole(TensorId t);
  std::optional<Shaped> convert_reduction(Expr e, int depth);
  bool flatten(Expr e, bool under, Monomial& m, int depth);
  bool flatten_reduction(Expr e, Monomial& m, int depth);
  bool indicator(Expr condition, Monomial& m, int depth);
  bool is_norm_at_zero(Expr condition) const;
  std::optional<Shaped> spread(const std::vector<Shaped>& parts, std::vector<TermId>& terms);
  std::optional<TermId> oriented(const Shaped& s, const std::vector<Index>& axes, bool scalars_spread);

  Terms& t_;
  const System& system_;
  std::unordered_set<DimId> labels_;
};

}  // namespace gradc::matrix
