// √(x² + y²) without overflow. At its kink (0, 0) the least subgradient: 0.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/power.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return hypot(x[0], x[1]); };
constexpr Kink kinks[] = {{R"(x = y = 0)", R"(\nabla\sqrt{x^{2}+y^{2}} = 0)"}};
constexpr Sample samples[] = {{{0.5, 0.25}, 0.55901699437494742}, {{-3, -2}, 3.6055512754639893}};
}  // namespace

OPERATOR(hypot) = {
    .name = "hypot",
    .id = "hypot",
    .arity = 2,
    .text = call_form("hypot(#1, #2)"),
    .latex = {R"(\sqrt{#1^{2}+#2^{2}})", Precedence::atom, {Precedence::postfix, Precedence::postfix}},
    .kinks = kinks,
    .partial =
        [](Context& c, int i, Args x, Expr y) {
          const Expr zero = c.real(0);
          return choose(equal(y, zero), zero, x[i] / y);
        },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits_in_f64<recipe::hypot>,
    .ulp = 1,
    .samples = samples,
};

}  // namespace gradc
