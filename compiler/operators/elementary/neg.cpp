// −x
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/arithmetic.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return -x[0]; };
constexpr Sample samples[] = {{{0.5}, -0.5}};
}  // namespace

OPERATOR(neg) = {
    .id = "neg",
    .typing = Typing::arithmetic,
    .text = {"-#1", Precedence::unary, {Precedence::unary}},
    .latex = {"-#1", Precedence::sum, {Precedence::reduction}},
    .partial = [](Context& c, int, Args, Expr) { return c.real(-1); },
    .rule = "constant factor rule",
    .evaluate = value,
    .evaluate_integer = [](const std::int64_t* x) { return wrap_sub(0, x[0]); },
    .evaluate_precise = value,
    .emit = recipe::machine<MachineOp::neg>,
    .ulp = 0,
    .samples = samples,
};

}  // namespace gradc
