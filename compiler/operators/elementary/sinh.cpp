// Hyperbolic sine: DLMF §4.28, derivative 4.34.1.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/exponential.h"

namespace gradc {

extern const Operator op_cosh;

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return sinh(x[0]); };
constexpr Sample samples[] = {{{0.5}, 0.52109530549374736}, {{-3}, -10.017874927409902}};
}  // namespace

OPERATOR(sinh) = {
    .name = "sinh",
    .id = "sinh",
    .text = call_form("sinh(#1)"),
    .latex = call_form(R"(\sinh\left(#1\right))"),
    .partial = [](Context& c, int, Args x, Expr) { return c.apply(op_cosh, {x[0]}); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits<recipe::sinh>,
    .ulp = 3,
    .samples = samples,
};

}  // namespace gradc
