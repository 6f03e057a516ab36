// log(1 + x) without loss of digits near 0: DLMF §4.2.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/logarithm.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return log1p(x[0]); };
constexpr Sample samples[] = {
    {{0.5}, 0.40546510810816438}, {{1e-05}, 9.9999500003333317e-6}, {{-0.75}, -1.3862943611198906}};
}  // namespace

OPERATOR(log1p) = {
    .name = "log1p",
    .id = "log1p",
    .text = call_form("log1p(#1)"),
    .latex = call_form(R"(\log\left(1+#1\right))"),
    .domain = R"(x > -1)",
    .partial = [](Context&, int, Args x, Expr) { return 1 / (1 + x[0]); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits<recipe::log1p>,
    .ulp = 2,
    .sampled = {-0.95, 5},
    .samples = samples,
};

}  // namespace gradc
