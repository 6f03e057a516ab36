// x for positive x, x/100 otherwise; at the kink the lesser derivative, 1/100.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/arithmetic.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return x[0] <= 0 ? x[0] / 100 : x[0]; };
constexpr Kink kinks[] = {{R"(x = 0)", R"(\operatorname{leaky\_relu}'\left(0\right) = \tfrac1{100})"}};
constexpr Sample samples[] = {{{0.5}, 0.5}, {{-3}, -0.03}};
}  // namespace

OPERATOR(leaky_relu) = {
    .name = "leaky_relu",
    .id = "leaky_relu",
    .text = call_form("leaky_relu(#1)"),
    .latex = call_form(R"(\operatorname{leaky\_relu}\left(#1\right))"),
    .kinks = kinks,
    .partial = [](Context& c, int, Args x,
                  Expr) { return choose(less(c.real(0), x[0]), c.real(1), c.real(Rational(1, 100))); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits<recipe::leaky_relu>,
    .samples = samples,
};

}  // namespace gradc
