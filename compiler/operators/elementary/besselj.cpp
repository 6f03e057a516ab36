// The Bessel function of the first kind of whole order: DLMF §10.2; the order is a literal, of any sign. The
// derivative by differences (10.6.1) has no trouble at 0, as that with n/x would.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/bessel.h"

namespace gradc {

extern const Operator op_besselj;

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return besselj(static_cast<int>(whole(x[0])), x[1]); };
Expr partial(Context& c, int, Args x, Expr) {
  const auto of_order = [&](Expr order) { return c.apply(op_besselj, {order, x[1]}); };
  if (x[0]->is_constant(0)) return -of_order(c.real(1));
  return (of_order(next_order(c, x[0], -1)) - of_order(next_order(c, x[0]))) / 2;
}
constexpr Sample samples[] = {{{2, 0.5}, 0.030604023458682642},
                              {{3, -3.25}, -0.35104295646664991},
                              {{-3, 7.5}, 0.25806091319346031},
                              {{12, 20}, -0.11899062431039907}};
}  // namespace

OPERATOR(besselj) = {
    .name = "besselj",
    .id = "besselj",
    .arity = 2,
    .text = call_form("besselj(#1, #2)"),
    .latex = call_form(R"(\operatorname{J}_{#1}\left(#2\right))"),
    .orders = {-100, 100},
    .partial = partial,
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits_derivative<recipe::besselj>,
    .ulp = 8,
    .sampled = {-12, 12},
    .samples = samples,
};

}  // namespace gradc
