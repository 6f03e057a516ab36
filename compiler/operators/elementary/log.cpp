// The natural logarithm: DLMF §4.2, derivative 4.7.1.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/logarithm.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return log(x[0]); };
constexpr Sample samples[] = {{{0.5}, -0.69314718055994531}, {{3}, 1.0986122886681098}};
}  // namespace

OPERATOR(log) = {
    .name = "log",
    .id = "log",
    .text = call_form("log(#1)"),
    .latex = call_form(R"(\log\left(#1\right))"),
    .domain = "x > 0",
    .partial = [](Context&, int, Args x, Expr) { return 1 / x[0]; },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits<recipe::log>,
    .ulp = 1,
    .sampled = {0.01, 5},
    .samples = samples,
};

}  // namespace gradc
