// log(1 + e^x) without overflow.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/logarithm.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T {
  return x[0] > 0 ? x[0] + log1p(exp(-x[0])) : log1p(exp(x[0]));
};
constexpr Sample samples[] = {{{0.5}, 0.97407698418010668}, {{-3}, 0.048587351573742059}, {{40}, 40}};
}  // namespace

OPERATOR(softplus) = {
    .name = "softplus",
    .id = "softplus",
    .text = call_form("softplus(#1)"),
    .latex = call_form(R"(\operatorname{softplus}\left(#1\right))"),
    .partial = [](Context&, int, Args x, Expr) { return sigmoid(x[0]); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits<recipe::softplus>,
    .ulp = 2,
    .samples = samples,
};

}  // namespace gradc
