// The cosine: DLMF §4.14, derivative 4.20.2.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/trigonometric.h"

namespace gradc {

extern const Operator op_sin;

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return cos(x[0]); };
constexpr Sample samples[] = {{{0.5}, 0.87758256189037272}, {{-3}, -0.98999249660044546}};
}  // namespace

OPERATOR(cos) = {
    .name = "cos",
    .id = "cos",
    .text = call_form("cos(#1)"),
    .latex = call_form(R"(\cos\left(#1\right))"),
    .partial = [](Context& c, int, Args x, Expr) { return -c.apply(op_sin, {x[0]}); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits<recipe::cos>,
    .ulp = 1,
    .samples = samples,
};

}  // namespace gradc
