// x / y; of integers see exact_div and floor_div.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/arithmetic.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return x[0] / x[1]; };
constexpr Sample samples[] = {{{0.5, 0.25}, 2}};
}  // namespace

OPERATOR(div) = {
    .id = "div",
    .arity = 2,
    .text = {"#1 / #2", Precedence::product, {Precedence::product, Precedence::unary}},
    .latex = {R"(\frac{#1}{#2})", Precedence::unary},
    .domain = R"(y \ne 0)",
    // −y/x₁ rather than −x₀/x₁²: the square would leave the range of numbers long before the quotient does.
    .partial = [](Context&, int i, Args x, Expr y) { return i == 0 ? 1 / x[1] : -(y / x[1]); },
    .rule = "quotient rule",
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::machine<MachineOp::div>,
    .samples = samples,
};

}  // namespace gradc
