// max(x, 0), with derivative 0 at its kink (the least subgradient).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/arithmetic.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return x[0] <= 0 ? T(0) : x[0]; };
constexpr Kink kinks[] = {{R"(x = 0)", R"(\operatorname{relu}'\left(0\right) = 0)"}};
constexpr Sample samples[] = {{{0.5}, 0.5}, {{-3}, 0}};
}  // namespace

OPERATOR(relu) = {
    .name = "relu",
    .id = "relu",
    .text = call_form("relu(#1)"),
    .latex = call_form(R"(\operatorname{relu}\left(#1\right))"),
    .kinks = kinks,
    .partial = [](Context& c, int, Args x,
                  Expr) { return choose(less(c.real(0), x[0]), c.real(1), c.real(0)); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits<recipe::relu>,
    .ulp = 0,
    .samples = samples,
};

}  // namespace gradc
