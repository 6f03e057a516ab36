// e^x − 1 without cancellation near 0. The derivative is e^x and not y + 1, which has no digits for very
// negative x.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/exponential.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return expm1(x[0]); };
constexpr Sample samples[] = {
    {{0.5}, 0.64872127070012815}, {{1e-05}, 1.0000050000166668e-5}, {{-3}, -0.95021293163213606}};
}  // namespace

OPERATOR(expm1) = {
    .name = "expm1",
    .id = "expm1",
    .text = call_form("expm1(#1)"),
    .latex = {"e^{#1}-1", Precedence::sum},
    .partial = [](Context&, int, Args x, Expr) { return exp(x[0]); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits<recipe::expm1>,
    .ulp = 2,
    .samples = samples,
};

}  // namespace gradc
