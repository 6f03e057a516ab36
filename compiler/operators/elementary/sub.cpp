// x − y
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/arithmetic.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return x[0] - x[1]; };
constexpr Sample samples[] = {{{0.5, 0.25}, 0.25}};
}  // namespace

OPERATOR(sub) = {
    .id = "sub",
    .arity = 2,
    .typing = Typing::arithmetic,
    .text = {"#1 - #2", Precedence::sum, {Precedence::sum, Precedence::reduction}},
    .latex = {"#1-#2", Precedence::sum, {Precedence::sum, Precedence::reduction}},
    .partial = [](Context& c, int i, Args, Expr) { return c.real(i == 0 ? 1 : -1); },
    .rule = "sum rule",
    .evaluate = value,
    .evaluate_integer = [](const std::int64_t* x) { return wrap_sub(x[0], x[1]); },
    .evaluate_precise = value,
    .emit = recipe::machine<MachineOp::sub>,
    .samples = samples,
};

}  // namespace gradc
