// x σ(x) (swish). Far to the left e^x has lost digits to underflow, so it is used as a square.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/exponential.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T {
  if (x[0] < -700) return isinf(x[0]) ? T(0) : x[0] * exp(x[0] / 2) * exp(x[0] / 2);
  return x[0] < 0 ? x[0] * exp(x[0]) / (1 + exp(x[0])) : x[0] / (1 + exp(-x[0]));
};
constexpr Sample samples[] = {{{0.5}, 0.31122966560092728}, {{-3}, -0.14227761953270034}};
}  // namespace

OPERATOR(silu) = {
    .name = "silu",
    .id = "silu",
    .text = call_form("silu(#1)"),
    .latex = call_form(R"(\operatorname{silu}\left(#1\right))"),
    .partial =
        [](Context&, int, Args x, Expr) {
          const Expr s = sigmoid(x[0]);
          return s * (1 + x[0] * (1 - s));
        },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits<recipe::silu>,
    .ulp = 3.5,
    .samples = samples,
};

}  // namespace gradc
