// cofactors(A, E_1, …, E_k): the derivative of the matrix of cofactors of A along E_1, …, E_k; with none,
// that matrix. It is the gradient of a form that is linear in each E and does not change when they are
// exchanged, the derivative of order k + 1 of det; so its own derivatives are of its kind.
//
// With S·A·T = D diagonal (complete pivoting) and |det S·det T| = 1, det(A + Σ t E) = ±det(D + Σ t S E T),
// and the derivative of order r of det at a diagonal matrix along M_1, …, M_r is a sum over r distinct rows
// and their permutations of products of elements of the M, times the product of the other elements of D.
// Nothing is divided by D, so singular matrices are like others. SPDX-License-Identifier: Apache-2.0 WITH
// LLVM-exception
#include <algorithm>

#include "compiler/operators/matrix/call_entry.h"

namespace gradc {
namespace {

template <class Real>
using Square = std::vector<Real>;

// a'·b·c', or a·b·c
template <class Real>
Square<Real> sandwich(std::size_t n, const Square<Real>& a, const Real* b, const Square<Real>& c,
                      bool transposed) {
  Square<Real> half(n * n), whole(n * n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t k = 0; k < n; ++k)
        half[i * n + j] += (transposed ? a[k * n + i] : a[i * n + k]) * b[k * n + j];
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t k = 0; k < n; ++k)
        whole[i * n + j] += half[i * n + k] * (transposed ? c[j * n + k] : c[k * n + j]);
  return whole;
}

// Adds, for all choices of rows from `rows.size()` on, what they contribute to the gradient.
template <class Real>
void add_rows(const matrix::Diagonal<Real>& f, std::size_t n, const std::vector<Square<Real>>& along,
              std::vector<std::size_t>& rows, Square<Real>& gradient) {
  const std::size_t order = along.size() + 1;
  if (rows.size() < order) {
    for (std::size_t i = 0; i < n; ++i) {
      if (std::ranges::find(rows, i) != rows.end()) continue;
      rows.push_back(i);
      add_rows(f, n, along, rows, gradient);
      rows.pop_back();
    }
    return;
  }
  Real others(1);
  for (std::size_t k = 0; k < n; ++k)
    if (std::ranges::find(rows, k) == rows.end()) others *= f.d[k];
  std::vector<std::size_t> columns(
      order);  // row rows[k] meets column rows[columns[k]]; row rows[0] is the gradient's
  std::iota(columns.begin(), columns.end(), std::size_t{0});
  do {
    bool odd = false;
    for (std::size_t a = 0; a < order; ++a)
      for (std::size_t b = 0; b < a; ++b) odd = odd != (columns[b] > columns[a]);
    Real term = odd ? -others : others;
    for (std::size_t k = 1; k < order; ++k) term *= along[k - 1][rows[k] * n + rows[columns[k]]];
    gradient[rows[0] * n + rows[columns[0]]] += term;
  } while (std::ranges::next_permutation(columns).found);
}

template <class Real>
void evaluate(const CallValues<Real>& v) {
  const std::size_t n = v.n;
  const matrix::Diagonal<Real> f(v.arguments[0], n);
  std::vector<Square<Real>> along;
  for (std::size_t k = 1; k < v.arguments.size(); ++k)
    along.push_back(sandwich(n, f.s, v.arguments[k], f.t, false));
  Square<Real> gradient(n * n);
  std::vector<std::size_t> rows;
  add_rows(f, n, along, rows, gradient);
  const Square<Real> result = sandwich(n, f.s, gradient.data(), f.t, true);
  for (std::size_t k = 0; k < n * n; ++k) v.result[k] = f.odd ? -result[k] : result[k];
}

Matrix tangent(MatrixEquations& m, std::span<const Matrix> x, const Matrix&, std::span<const Matrix> dx) {
  Matrix total;
  for (std::size_t k = 0; k < x.size(); ++k) {
    if (!dx[k]) continue;
    std::vector<Matrix> arguments(x.begin(), x.end());
    if (k == 0)
      arguments.push_back(dx[0]);
    else
      arguments[k] = dx[k];
    total = m.sum(total, m.call(call_cofactors, arguments, "cofactors"));
  }
  return total;
}

std::vector<Matrix> adjoint(MatrixEquations& m, std::span<const Matrix> x, const Matrix&, const Matrix& dy,
                            const std::vector<bool>& wanted) {
  std::vector<Matrix> result(x.size());
  for (std::size_t k = 0; k < x.size(); ++k) {
    if (!wanted[k]) continue;
    std::vector<Matrix> arguments(x.begin(), x.end());
    if (k == 0)
      arguments.push_back(dy);
    else
      arguments[k] = dy;
    result[k] = m.call(call_cofactors, arguments, "cofactors");
  }
  return result;
}

}  // namespace

CALL(cofactors) = {
    .id = "cofactors",
    .more_squares = true,
    .text = call_form("cof(#1)"),
    .latex = call_form(R"(\operatorname{cof}\left(#1\right))"),
    .evaluate = evaluate<double>,
    .evaluate_precise = evaluate<Precise>,
    .tangent = tangent,
    .adjoint = adjoint,
};

}  // namespace gradc
