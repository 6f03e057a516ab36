// x log y, and 0 where x is 0, whatever log y is: the terms of an entropy. At (0, 0) the derivative by y is
// 0.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/logarithm.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T {
  return x[0] == 0 && !isnan(x[1]) ? T(0) : x[0] * log(x[1]);
};
constexpr Kink kinks[] = {{R"(x = y = 0)", R"(\frac{\partial}{\partial y}x\log y = 0)"}};
constexpr Sample samples[] = {{{0.5, 0.25}, -0.69314718055994531}, {{3, 2}, 2.0794415416798359}};
}  // namespace

OPERATOR(xlogy) = {
    .name = "xlogy",
    .id = "xlogy",
    .arity = 2,
    .text = call_form("xlogy(#1, #2)"),
    .latex = {R"(#1\log\left(#2\right))", Precedence::product, {Precedence::product}},
    .domain = R"(y > 0)",
    .kinks = kinks,
    .partial =
        [](Context& c, int i, Args x, Expr) {
          if (i == 0) return log(x[1]);
          const Expr zero = c.real(0);
          return choose(both(equal(x[0], zero), equal(x[1], zero)), zero, x[0] / x[1]);
        },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits<recipe::xlogy>,
    .ulp = 2,
    .sampled = {0.01, 5},
    .samples = samples,
};

}  // namespace gradc
