// Hyperbolic tangent: DLMF §4.28, derivative 4.34.8 in terms of itself, so that backward keeps the answer
// and not the argument; machine code gets 4σ(2x)σ(−2x) by a stabilising rule.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/exponential.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return tanh(x[0]); };
constexpr Sample samples[] = {{{0.5}, 0.46211715726000976}, {{-3}, -0.99505475368673045}};
}  // namespace

OPERATOR(tanh) = {
    .name = "tanh",
    .id = "tanh",
    .text = call_form("tanh(#1)"),
    .latex = call_form(R"(\tanh\left(#1\right))"),
    .partial = [](Context&, int, Args, Expr y) { return 1 - y * y; },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits<recipe::tanh>,
    .ulp = 2.5,  // in f64 less than 2
    .samples = samples,
};

}  // namespace gradc
