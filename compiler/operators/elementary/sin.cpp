// The sine: DLMF §4.14, derivative 4.20.1.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/trigonometric.h"

namespace gradc {

extern const Operator op_cos;

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return sin(x[0]); };
constexpr Sample samples[] = {{{0.5}, 0.479425538604203}, {{-3}, -0.14112000805986722}};
}  // namespace

OPERATOR(sin) = {
    .name = "sin",
    .id = "sin",
    .text = call_form("sin(#1)"),
    .latex = call_form(R"(\sin\left(#1\right))"),
    .partial = [](Context& c, int, Args x, Expr) { return c.apply(op_cos, {x[0]}); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits<recipe::sin>,
    .ulp = 1,
    .samples = samples,
};

}  // namespace gradc
