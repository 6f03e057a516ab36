// The square root. At 0 the derivative is +∞, its limit.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/arithmetic.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return sqrt(x[0]); };
constexpr Sample samples[] = {{{0.5}, 0.70710678118654752}, {{3}, 1.7320508075688773}};
}  // namespace

OPERATOR(sqrt) = {
    .name = "sqrt",
    .id = "sqrt",
    .text = call_form("sqrt(#1)"),
    .latex = {R"(\sqrt{#1})", Precedence::atom},
    .domain = R"(x \ge 0)",
    .partial = [](Context&, int, Args, Expr y) { return 1 / (2 * y); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::machine<MachineOp::sqrt>,
    .sampled = {0.01, 5},
    .samples = samples,
};

}  // namespace gradc
