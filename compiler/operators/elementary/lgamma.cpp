// log |Γ(x)|: DLMF §5.2; its derivative is digamma.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/gamma.h"

namespace gradc {

extern const Operator op_digamma;

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return lgamma(x[0]); };
constexpr Sample samples[] = {
    {{0.5}, 0.57236494292470009}, {{3.25}, 0.93580193110872536}, {{-2.5}, -0.056243716497674051}};
}  // namespace

OPERATOR(lgamma) = {
    .name = "lgamma",
    .id = "lgamma",
    .text = call_form("lgamma(#1)"),
    .latex = call_form(R"(\log\Gamma\left(#1\right))"),
    .partial = [](Context& c, int, Args x, Expr) { return c.apply(op_digamma, {x[0]}); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits_in_f64<recipe::lgamma>,
    .ulp = 4,
    .sampled = {0.1, 6},
    .samples = samples,
};

}  // namespace gradc
