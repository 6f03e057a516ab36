// 2^x: DLMF 4.7.6 with the constant log 2.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/exponential.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return exp2(x[0]); };
constexpr Sample samples[] = {{{0.5}, 1.414213562373095}, {{-3.25}, 0.10511205190671432}};
}  // namespace

OPERATOR(exp2) = {
    .name = "exp2",
    .id = "exp2",
    .text = call_form("exp2(#1)"),
    .latex = {"2^{#1}", Precedence::power},
    .partial = [](Context& c, int, Args, Expr y) { return log(c.real(2)) * y; },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits<recipe::exp2>,
    .ulp = 1,
    .samples = samples,
};

}  // namespace gradc
