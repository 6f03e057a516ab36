// The logistic function 1/(1 + e^(−x)). Its derivative in terms of itself, as on paper; machine code gets
// σ(x)σ(−x) by a stabilising rule, since y(1 − y) is 0 for x > 37.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/exponential.h"

namespace gradc {

namespace {
// For negative x by e^x, which stays a normal number where e^(−x) would be infinite.
constexpr auto value = []<class T>(const T* x) -> T {
  if (x[0] < 0) return exp(x[0]) / (1 + exp(x[0]));
  return 1 / (1 + exp(-x[0]));
};
constexpr Sample samples[] = {{{0.5}, 0.62245933120185457}, {{-3}, 0.047425873177566781}};
}  // namespace

OPERATOR(sigmoid) = {
    .name = "sigmoid",
    .id = "sigmoid",
    .text = call_form("sigmoid(#1)"),
    .latex = call_form(R"(\sigma\left(#1\right))"),
    .partial = [](Context&, int, Args, Expr y) { return y * (1 - y); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits<recipe::sigmoid>,
    .ulp = 2.5,
    .samples = samples,
};

}  // namespace gradc
