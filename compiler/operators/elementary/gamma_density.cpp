// x^(a − 1) e^(−x) / Γ(a), the density of the gamma distribution of rate 1, and the derivative of P(a, x) by
// x (DLMF 8.8.13). Orders a ≤ 0 come from derivatives alone: by x it is that of order a − 1 less itself,
// which has the right limits at x = 0, where a factor (a − 1)/x would not. It has no name in the language.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/incomplete_gamma.h"

namespace gradc {

extern const Operator op_gamma_density, op_cos, op_digamma, op_lgamma, op_pi, op_sin, op_xlogy;

namespace {
// Where Γ has a pole, ψ(a)/Γ(a) is 0 times infinite; by reflection (DLMF 5.5.3) the derivative of 1/Γ(a) is
// Γ(1 − a) (cos πa − ψ(1 − a) sin(πa)/π).
Expr by_order(Context& c, Expr a, Expr x, Expr y) {
  const Expr pi = c.apply(op_pi, {}), mirrored = 1 - a, logs = c.apply(op_xlogy, {y, x});
  const Expr right = logs - c.apply(op_digamma, {a}) * y;
  const Expr size = exp(c.apply(op_xlogy, {a - 1, x}) - x + c.apply(op_lgamma, {mirrored}));
  const Expr cosine = c.apply(op_cos, {pi * a}), sine = c.apply(op_sin, {pi * a});
  const Expr left = logs + size * (cosine - c.apply(op_digamma, {mirrored}) * sine / pi);
  return choose(less(c.real(0), a), right, left);
}

Expr partial(Context& c, int i, Args x, Expr y) {
  if (i == 0) return by_order(c, x[0], x[1], y);
  const Expr order = x[0]->is_constant() ? next_order(c, x[0], -1) : x[0] - 1;
  // 1/Γ is 0 there.
  const bool at_pole = order->is_constant() && order->value->is_integer() && order->value->sign() <= 0;
  return at_pole ? -y : c.apply(op_gamma_density, {order, x[1]}) - y;
}

constexpr auto value = []<class T>(const T* x) -> T { return gamma_density(x[0], x[1]); };
constexpr Sample samples[] = {{{0.5, 0.25}, 0.87878257893544479},
                              {{3, 2}, 0.27067056647322538},
                              {{-1.5, 0.5}, 1.4518243471148601},
                              {{-2, 3}, 0},
                              {{250, 220}, 0.0040440369889031771}};
}  // namespace

OPERATOR(gamma_density) = {
    .id = "gamma_density",
    .arity = 2,
    .text = call_form("gamma_density(#1, #2)"),
    .latex = call_form(R"(\operatorname{Gamma}\left(#2\mid#1,1\right))"),
    .domain = R"(x \ge 0)",
    .partial = partial,
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits_in_f64<recipe::gamma_density>,
    .ulp = 64,
    .sampled = {0.1, 12},
    .samples = samples,
};

}  // namespace gradc
