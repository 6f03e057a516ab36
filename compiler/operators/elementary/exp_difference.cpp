// e^(x − y): the share of one term in a logsumexp, whose value is y. It has no name in the language. Two
// infinities of one sign differ by 0 in spirit: a term of −∞ has no share, even where all terms are −∞, and
// one of +∞ has it all.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/exponential.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T {
  if (isinf(x[0])) return isnan(x[1]) ? x[1] : x[0] < 0 ? T(0) : x[1] == x[0] ? T(1) : T(infinity);
  return exp(x[0] - x[1]);
};
constexpr Sample samples[] = {{{0.5, 0.25}, 1.2840254166877415}, {{-3, -2}, 0.36787944117144233}};
}  // namespace

OPERATOR(exp_difference) = {
    .id = "exp_difference",
    .arity = 2,
    .text = {"exp(#1 - #2)", Precedence::postfix, {Precedence::sum, Precedence::reduction}},
    .latex = {"e^{#1-#2}", Precedence::power, {Precedence::sum, Precedence::reduction}},
    .partial = [](Context&, int i, Args, Expr y) { return i == 0 ? y : -y; },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits<recipe::exp_difference>,
    .ulp = 1,
    .samples = samples,
};

}  // namespace gradc
