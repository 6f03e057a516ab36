// A⁻¹·B and A⁻ᵀ·B for a matrix A, or for its lower or upper triangle: B a vector or columns. All NaN where A
// is singular: where a pivot is 0. Giles 2008, §2.2.3. SPDX-License-Identifier: Apache-2.0 WITH
// LLVM-exception
#include <algorithm>

#include "compiler/operators/matrix/call_entry.h"

namespace gradc {
namespace {

enum class Reads : std::uint8_t { all, lower, upper };

template <class Real, Reads reads, bool transposed>
void evaluate(const CallValues<Real>& v) {
  const std::size_t n = v.n, m = v.columns;
  const Real *a = v.arguments[0], *b = v.arguments[1];
  std::copy(b, b + n * m, v.result);
  const auto element = [&](std::size_t i, std::size_t j) { return transposed ? a[j * n + i] : a[i * n + j]; };
  bool singular = false;
  if constexpr (reads == Reads::all) {
    std::vector<Real> matrix(n * n);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) matrix[i * n + j] = element(i, j);
    matrix::LU<Real> lu(matrix.data(), n);
    singular = lu.singular();
    const auto factor = [&](std::size_t i, std::size_t j) { return lu.at(i, j); };
    for (std::size_t c = 0; c < m && !singular; ++c) {
      for (std::size_t i = 0; i < n; ++i) v.result[i * m + c] = b[lu.order[i] * m + c];
      matrix::solve_triangle(n, true, true, factor, v.result + c, m);
      matrix::solve_triangle(n, false, false, factor, v.result + c, m);
    }
  } else {
    for (std::size_t i = 0; i < n; ++i) singular = singular || a[i * n + i] == Real(0);
    const bool lower = (reads == Reads::lower) != transposed;
    for (std::size_t c = 0; c < m && !singular; ++c)
      matrix::solve_triangle(n, lower, false, element, v.result + c, m);
  }
  if (singular) std::fill(v.result, v.result + n * m, Real(not_a_number));
}

template <Reads reads, bool transposed>
const CallOperator& variant() {
  if constexpr (reads == Reads::all) return transposed ? call_solve_transposed : call_solve;
  if constexpr (reads == Reads::lower) return transposed ? call_solve_lower_transposed : call_solve_lower;
  return transposed ? call_solve_upper_transposed : call_solve_upper;
}

template <Reads reads>
Matrix read_part(MatrixEquations& m, const Matrix& a) {
  return reads == Reads::all ? a : m.triangle(a, reads == Reads::lower);
}

// Ẋ = A⁻¹(Ḃ - ȦX), and with A⁻ᵀ: A⁻ᵀ(Ḃ - ȦᵀX)
template <Reads reads, bool transposed>
Matrix tangent(MatrixEquations& m, std::span<const Matrix> x, const Matrix& y, std::span<const Matrix> dx) {
  Matrix moved;
  if (dx[0]) {
    const Matrix da = read_part<reads>(m, dx[0]);
    moved = m.product(transposed ? m.transposed(da) : da, y);
  }
  return m.call(variant<reads, transposed>(), {x[0], m.difference(dx[1], moved)}, "solved");
}

// B̄ = A⁻ᵀX̄, Ā = -B̄Xᵀ, and with A⁻ᵀ: B̄ = A⁻¹X̄, Ā = -XB̄ᵀ
template <Reads reads, bool transposed>
std::vector<Matrix> adjoint(MatrixEquations& m, std::span<const Matrix> x, const Matrix& y, const Matrix& dy,
                            const std::vector<bool>& wanted) {
  const Matrix db = m.call(variant<reads, !transposed>(), {x[0], dy}, "solved");
  std::vector<Matrix> result(2);
  result[1] = db;
  if (wanted[0]) result[0] = read_part<reads>(m, m.negated(transposed ? m.outer(y, db) : m.outer(db, y)));
  return result;
}

template <Reads reads, bool transposed>
constexpr CallOperator entry(std::string_view name, std::string_view id, std::string_view text,
                             std::string_view latex) {
  return {.name = name,
          .id = id,
          .right = true,
          .value = CallOperator::Value::right,
          .text = call_form(text),
          .latex = {latex, Precedence::product, {Precedence::power, Precedence::product}},
          .evaluate = evaluate<double, reads, transposed>,
          .evaluate_precise = evaluate<Precise, reads, transposed>,
          .tangent = tangent<reads, transposed>,
          .adjoint = adjoint<reads, transposed>};
}

}  // namespace

CALL(solve) = entry<Reads::all, false>("solve", "solve", "solve(#1, #2)", R"(#1^{-1}\,#2)");
CALL(solve_transposed) = entry<Reads::all, true>("", "solve_transposed", "solve(#1', #2)",
                                                 R"(#1^{-\top}\,#2)");
CALL(solve_lower) = entry<Reads::lower, false>("solve_lower", "solve_lower", "solve_lower(#1, #2)",
                                               R"(\operatorname{tril}\left(#1\right)^{-1}\,#2)");
CALL(solve_lower_transposed) = entry<Reads::lower, true>("", "solve_lower_transposed", "solve_upper(#1', #2)",
                                                         R"(\operatorname{tril}\left(#1\right)^{-\top}\,#2)");
CALL(solve_upper) = entry<Reads::upper, false>("solve_upper", "solve_upper", "solve_upper(#1, #2)",
                                               R"(\operatorname{triu}\left(#1\right)^{-1}\,#2)");
CALL(solve_upper_transposed) = entry<Reads::upper, true>("", "solve_upper_transposed", "solve_lower(#1', #2)",
                                                         R"(\operatorname{triu}\left(#1\right)^{-\top}\,#2)");

}  // namespace gradc
