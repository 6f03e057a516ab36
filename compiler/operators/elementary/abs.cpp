// |x|, with the least subgradient 0 at its kink.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/arithmetic.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return fabs(x[0]); };
constexpr Kink kinks[] = {{"x = 0", R"(\left|x\right|' = 0)"}};
constexpr Sample samples[] = {{{-0.5}, 0.5}, {{0.25}, 0.25}};
}  // namespace

OPERATOR(abs) = {
    .name = "abs",
    .id = "abs",
    .typing = Typing::arithmetic,
    .text = call_form("abs(#1)"),
    .latex = {R"(\left|#1\right|)", Precedence::atom},
    .kinks = kinks,
    .partial = [](Context&, int, Args x, Expr) { return sign(x[0]); },
    .evaluate = value,
    .evaluate_integer = [](const std::int64_t* x) { return x[0] < 0 ? wrap_sub(0, x[0]) : x[0]; },
    .evaluate_precise = value,
    .emit = recipe::machine<MachineOp::abs>,
    .ulp = 0,
    .samples = samples,
};

}  // namespace gradc
