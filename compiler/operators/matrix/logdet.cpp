// log det A; NaN where det A <= 0. Giles 2008, §2.2.4. SPDX-License-Identifier: Apache-2.0 WITH
// LLVM-exception
#include "compiler/operators/matrix/call_entry.h"

namespace gradc {
namespace {

template <class Real>
void evaluate(const CallValues<Real>& v) {
  matrix::LU<Real> lu(v.arguments[0], v.n);
  bool negative = lu.odd;
  Real sum(0);
  for (std::size_t k = 0; k < v.n; ++k) {
    negative = negative != (lu.at(k, k) < Real(0));
    sum += log(fabs(lu.at(k, k)));
  }
  *v.result = negative || lu.singular() ? Real(not_a_number) : sum;
}

}  // namespace

CALL(logdet) = {
    .name = "logdet",
    .id = "logdet",
    .value = CallOperator::Value::scalar,
    .text = call_form("logdet(#1)"),
    .latex = {R"(\log\det #1)", Precedence::unary, {Precedence::atom}},
    .evaluate = evaluate<double>,
    .evaluate_precise = evaluate<Precise>,
    // tr(A⁻¹Ȧ)
    .tangent =
        [](MatrixEquations& m, std::span<const Matrix> x, const Matrix&, std::span<const Matrix> dx) {
          return m.inner(m.transposed(m.call(call_inverse, {x[0]}, "inverse")), dx[0]);
        },
    // ȳA⁻ᵀ
    .adjoint =
        [](MatrixEquations& m, std::span<const Matrix> x, const Matrix&, const Matrix& dy,
           const std::vector<bool>&) {
          return std::vector{m.scaled(dy.element, m.transposed(m.call(call_inverse, {x[0]}, "inverse")))};
        },
};

}  // namespace gradc
