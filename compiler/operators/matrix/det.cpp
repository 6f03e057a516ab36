// det A. Its derivative is the matrix of cofactors, which exists for singular A too; det A·A⁻ᵀ does not.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/matrix/call_entry.h"

namespace gradc {
namespace {

template <class Real>
void evaluate(const CallValues<Real>& v) {
  matrix::LU<Real> lu(v.arguments[0], v.n);
  Real product(lu.odd ? -1 : 1);
  for (std::size_t k = 0; k < v.n; ++k) product *= lu.at(k, k);
  *v.result = product;
}

}  // namespace

CALL(det) = {
    .name = "det",
    .id = "det",
    .value = CallOperator::Value::scalar,
    .text = call_form("det(#1)"),
    .latex = {R"(\det #1)", Precedence::unary, {Precedence::atom}},
    .evaluate = evaluate<double>,
    .evaluate_precise = evaluate<Precise>,
    .tangent =
        [](MatrixEquations& m, std::span<const Matrix> x, const Matrix&, std::span<const Matrix> dx) {
          return m.inner(m.call(call_cofactors, {x[0]}, "cofactors"), dx[0]);
        },
    .adjoint =
        [](MatrixEquations& m, std::span<const Matrix> x, const Matrix&, const Matrix& dy,
           const std::vector<bool>&) {
          return std::vector{m.scaled(dy.element, m.call(call_cofactors, {x[0]}, "cofactors"))};
        },
};

}  // namespace gradc
