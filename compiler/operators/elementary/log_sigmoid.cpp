// log σ(x) without overflow to −∞ or loss of digits.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/logarithm.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T {
  return x[0] < 0 ? x[0] - log1p(exp(x[0])) : -log1p(exp(-x[0]));
};
constexpr Sample samples[] = {
    {{0.5}, -0.47407698418010668}, {{-3}, -3.0485873515737421}, {{40}, -4.248354255291589e-18}};
}  // namespace

OPERATOR(log_sigmoid) = {
    .name = "log_sigmoid",
    .id = "log_sigmoid",
    .text = call_form("log_sigmoid(#1)"),
    .latex = call_form(R"(\log\sigma\left(#1\right))"),
    .partial = [](Context&, int, Args x, Expr) { return sigmoid(-x[0]); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits<recipe::log_sigmoid>,
    .ulp = 2,
    .samples = samples,
};

}  // namespace gradc
