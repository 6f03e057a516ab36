// The logarithm to base 2.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/power.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return log2(x[0]); };
constexpr Sample samples[] = {{{0.5}, -1}, {{3}, 1.5849625007211562}};
}  // namespace

OPERATOR(log2) = {
    .name = "log2",
    .id = "log2",
    .text = call_form("log2(#1)"),
    .latex = call_form(R"(\log_{2}\left(#1\right))"),
    .domain = R"(x > 0)",
    .partial = [](Context& c, int, Args x, Expr) { return 1 / (x[0] * log(c.real(2))); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits_in_f64<recipe::log2>,
    .ulp = 1,
    .sampled = {0.01, 5},
    .samples = samples,
};

}  // namespace gradc
