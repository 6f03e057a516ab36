// The exponential: DLMF §4.2, derivative 4.7.6.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/exponential.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return exp(x[0]); };
constexpr Sample samples[] = {{{0.5}, 1.6487212707001282}, {{-3}, 0.049787068367863944}};
}  // namespace

OPERATOR(exp) = {
    .name = "exp",
    .id = "exp",
    .text = call_form("exp(#1)"),
    .latex = {"e^{#1}", Precedence::power},
    .partial = [](Context&, int, Args, Expr y) { return y; },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits<recipe::exp>,
    .ulp = 1,
    .samples = samples,
};

}  // namespace gradc
