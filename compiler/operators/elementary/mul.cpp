// x · y
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/arithmetic.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return x[0] * x[1]; };
constexpr Sample samples[] = {{{0.5, 0.25}, 0.125}};
}  // namespace

OPERATOR(mul) = {
    .id = "mul",
    .arity = 2,
    .typing = Typing::arithmetic,
    .text = {"#1 * #2", Precedence::product, {Precedence::product, Precedence::unary}},
    .latex = {"#1 #2", Precedence::product, {Precedence::product, Precedence::unary}},
    .partial = [](Context&, int i, Args x, Expr) { return x[1 - i]; },
    .rule = "product rule",
    .evaluate = value,
    .evaluate_integer = [](const std::int64_t* x) { return wrap_mul(x[0], x[1]); },
    .evaluate_precise = value,
    .emit = recipe::machine<MachineOp::mul>,
    .samples = samples,
    .commutative = true,
};

}  // namespace gradc
