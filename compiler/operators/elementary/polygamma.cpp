// The n-th derivative of digamma: DLMF §5.15. The order is a literal; what makes the table closed under
// differentiation.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/gamma.h"

namespace gradc {

extern const Operator op_polygamma;

namespace {
constexpr auto value = []<class T>(const T* x) -> T {
  return polygamma(static_cast<int>(whole(x[0])), x[1]);
};
constexpr Sample samples[] = {
    {{2, 0.5}, -16.82879664423432}, {{3, 3.25}, 0.090433355324655739}, {{2, -2.5}, -0.1082040516417274}};
}  // namespace

OPERATOR(polygamma) = {
    .name = "polygamma",
    .id = "polygamma",
    .arity = 2,
    .text = call_form("polygamma(#1, #2)"),
    .latex = call_form(R"(\psi^{\left(#1\right)}\left(#2\right))"),
    .domain = R"(x \ne 0, -1, -2, \ldots)",
    .orders = {0, 12},
    .partial =
        [](Context& c, int, Args x, Expr) {
          return c.apply(op_polygamma, {next_order(c, x[0]), x[1]});
        },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits_derivative<recipe::polygamma>,
    .ulp = 8,
    .sampled = {0.1, 6},
    .samples = samples,
};

}  // namespace gradc
