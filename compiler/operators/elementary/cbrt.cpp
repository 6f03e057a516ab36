// The cube root, of negative numbers too. At 0 the derivative is +∞, its limit.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/power.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return cbrt(x[0]); };
constexpr Sample samples[] = {{{0.5}, 0.79370052598409974}, {{-3}, -1.4422495703074084}};
}  // namespace

OPERATOR(cbrt) = {
    .name = "cbrt",
    .id = "cbrt",
    .text = call_form("cbrt(#1)"),
    .latex = {R"(\sqrt[3]{#1})", Precedence::atom},
    .partial = [](Context&, int, Args, Expr y) { return 1 / (3 * pow(y, 2)); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits_in_f64<recipe::cbrt>,
    .ulp = 1,
    .sampled = {0.05, 5},
    .samples = samples,
};

}  // namespace gradc
