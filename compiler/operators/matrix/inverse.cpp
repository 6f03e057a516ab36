// A⁻¹; all NaN where A is singular. Giles 2008, §2.2.3. SPDX-License-Identifier: Apache-2.0 WITH
// LLVM-exception
#include <algorithm>

#include "compiler/operators/matrix/call_entry.h"

namespace gradc {
namespace {

template <class Real>
void evaluate(const CallValues<Real>& v) {
  std::vector<Real> identity(v.n * v.n);
  for (std::size_t i = 0; i < v.n; ++i) identity[i * v.n + i] = Real(1);
  const CallValues<Real> solve{v.n, v.n, {v.arguments[0], identity.data()}, v.result};
  if constexpr (std::is_same_v<Real, double>)
    call_solve.evaluate(solve);
  else
    call_solve.evaluate_precise(solve);
}

// What is read many times is computed once; but a Kronecker delta inside leaves no sum, once it is
// simplified.
Matrix half(MatrixEquations& m, const Matrix& a, const Matrix& b) {
  const Matrix product = m.product(a, b);
  return b.element->kind == ExprKind::choose ? product : m.named(product, "turned");
}

}  // namespace

CALL(inverse) = {
    .name = "inv",
    .id = "inverse",
    .text = call_form("inv(#1)"),
    .latex = {R"(#1^{-1})", Precedence::power, {Precedence::atom}},
    .evaluate = evaluate<double>,
    .evaluate_precise = evaluate<Precise>,
    // -A⁻¹ȦA⁻¹
    .tangent = [](MatrixEquations& m, std::span<const Matrix>, const Matrix& y,
                  std::span<const Matrix> dx) { return m.negated(m.product(half(m, y, dx[0]), y)); },
    // -A⁻ᵀȲA⁻ᵀ
    .adjoint =
        [](MatrixEquations& m, std::span<const Matrix>, const Matrix& y, const Matrix& dy,
           const std::vector<bool>&) {
          const Matrix back = m.transposed(y);
          return std::vector{m.negated(m.product(half(m, back, dy), back))};
        },
};

}  // namespace gradc
