// ψ(x) = Γ′(x)/Γ(x): DLMF 5.2.2. At the poles 0, −1, −2, … it has no sign: NaN.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/gamma.h"

namespace gradc {

extern const Operator op_trigamma;

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return polygamma(0, x[0]); };
constexpr Sample samples[] = {
    {{0.5}, -1.9635100260214235}, {{3.25}, 1.016990911068179}, {{-2.5}, 1.1031566406452432}};
}  // namespace

OPERATOR(digamma) = {
    .name = "digamma",
    .id = "digamma",
    .text = call_form("digamma(#1)"),
    .latex = call_form(R"(\psi\left(#1\right))"),
    .domain = R"(x \ne 0, -1, -2, \ldots)",
    .partial = [](Context& c, int, Args x, Expr) { return c.apply(op_trigamma, {x[0]}); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits_in_f64<recipe::digamma>,
    .ulp = 6,
    .sampled = {0.1, 6},
    .samples = samples,
};

}  // namespace gradc
