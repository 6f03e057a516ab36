// The lower triangular L with L·L' = (A + A')/2; NaN where that is not positive definite. I. Murray,
// "Differentiation of the Cholesky decomposition" (2016), eqs. (8) and (10): Φ takes the lower triangle, with
// half of the diagonal. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/operators/matrix/call_entry.h"

namespace gradc {
namespace {

template <class Real>
void evaluate(const CallValues<Real>& v) {
  const std::size_t n = v.n;
  const Real* a = v.arguments[0];
  Real* l = v.result;
  std::fill(l, l + n * n, Real(0));
  bool definite = true;
  for (std::size_t j = 0; j < n && definite; ++j)
    for (std::size_t i = j; i < n && definite; ++i) {
      Real sum = (a[i * n + j] + a[j * n + i]) / Real(2);
      for (std::size_t k = 0; k < j; ++k) sum -= l[i * n + k] * l[j * n + k];
      if (i == j) definite = sum > Real(0);
      l[i * n + j] = i == j ? Real(sqrt(sum)) : sum / l[j * n + j];
    }
  for (std::size_t i = 0; i < n && !definite; ++i)
    for (std::size_t j = 0; j <= i; ++j) l[i * n + j] = Real(not_a_number);
}

Matrix half(MatrixEquations& m, const Matrix& a) { return m.triangle(a, true, Rational(1) / Rational(2)); }

// LΦ(L⁻¹ȦL⁻ᵀ), with Ȧ made symmetric
Matrix tangent(MatrixEquations& m, std::span<const Matrix>, const Matrix& l, std::span<const Matrix> dx) {
  const Matrix left = m.call(call_solve_lower, {l, m.symmetric(dx[0])}, "solved");
  const Matrix both = m.call(call_solve_lower, {l, m.transposed(left)}, "solved");
  return m.product(l, half(m, both));
}

// (S + Sᵀ)/2 with S = L⁻ᵀΦ(LᵀL̄)L⁻¹
std::vector<Matrix> adjoint(MatrixEquations& m, std::span<const Matrix>, const Matrix& l, const Matrix& dl,
                            const std::vector<bool>&) {
  const Matrix inside = half(m, m.product(m.transposed(l), m.triangle(dl, true)));
  const Matrix left = m.call(call_solve_lower_transposed, {l, inside}, "solved");
  const Matrix both = m.call(call_solve_lower_transposed, {l, m.transposed(left)}, "solved");
  return {m.symmetric(both)};
}

}  // namespace

CALL(cholesky) = {
    .name = "cholesky",
    .id = "cholesky",
    .text = call_form("cholesky(#1)"),
    .latex = call_form(R"(\operatorname{chol}\left(#1\right))"),
    .evaluate = evaluate<double>,
    .evaluate_precise = evaluate<Precise>,
    .tangent = tangent,
    .adjoint = adjoint,
};

}  // namespace gradc
