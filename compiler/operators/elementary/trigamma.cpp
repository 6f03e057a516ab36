// ψ′(x): DLMF §5.15. Its derivatives are polygamma(n, x).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/gamma.h"

namespace gradc {

extern const Operator op_polygamma;

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return polygamma(1, x[0]); };
constexpr Sample samples[] = {
    {{0.5}, 4.9348022005446793}, {{3.25}, 0.35979829030957988}, {{-2.5}, 9.5392466449891238}};
}  // namespace

OPERATOR(trigamma) = {
    .name = "trigamma",
    .id = "trigamma",
    .text = call_form("trigamma(#1)"),
    .latex = call_form(R"(\psi'\left(#1\right))"),
    .domain = R"(x \ne 0, -1, -2, \ldots)",
    .partial =
        [](Context& c, int, Args x, Expr) {
          return c.apply(op_polygamma, {c.real(2), x[0]});
        },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits_in_f64<recipe::trigamma>,
    .ulp = 4,
    .sampled = {0.1, 6},
    .samples = samples,
};

}  // namespace gradc
