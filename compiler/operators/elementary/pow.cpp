// x^y. Special values as in C (x^0 = 1 even for NaN). Where the derivative has no limit, or only one along a
// line, it is chosen so that optimisers go on; integer exponents follow the rule of polynomials, also at 0.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/arithmetic.h"
#include "compiler/operators/recipes/power.h"

namespace gradc {

namespace {

constexpr auto value = []<class T>(const T* x) -> T { return pow(x[0], x[1]); };

// The number that an exponent is written as: `2`, `-1`, `1/2`, `real(3)`; none if it is not a literal.
std::optional<Rational> literal(Expr e) {
  if (e->is_constant()) return *e->value;
  if (e->kind != ExprKind::apply || e->operands.empty()) return std::nullopt;
  for (Expr argument : e->operands)
    if (!argument->is_constant()) return std::nullopt;
  const Rational& first = *e->operands[0]->value;
  if (e->is(op_neg)) return -first;
  if (e->is(op_to_real)) return first;
  if (e->is(op_div) && !e->operands[1]->value->is_zero()) return first / *e->operands[1]->value;
  return std::nullopt;
}

// ∂/∂x x^n for a literal n: 0, 1, 2x, n x^(n−1).
Expr power_rule(Context& c, Expr x, const Rational& n) {
  if (n.is_zero()) return c.real(0);
  if (n.is_one()) return c.real(1);
  if (n == Rational(2)) return 2 * x;
  return n * pow(x, n - 1);
}

Expr partial(Context& c, int i, Args x, Expr y) {
  const Expr base = x[0], exponent = x[1], zero = c.real(0);
  if (i == 0) {
    if (const auto n = literal(exponent)) return power_rule(c, base, *n);
    // 0 · 0^(−1) would be NaN where x⁰ = 1 is constant.
    return choose(equal(exponent, zero), zero, exponent * pow(base, exponent - 1));
  }
  // 0^y is 0 for all y > 0, whatever log 0 is.
  return choose(both(equal(base, zero), less_equal(zero, exponent)), zero, y * log(base));
}

EmitValue power(Emitter& e, const EmitValue* x) {
  const recipe::Lanes base{&e, x[0]}, exponent{&e, x[1]};
  if (const auto n = e.literal(x[1]))
    if (const auto products = recipe::literal_pow(base, *n)) return products->value;
  if (!base.is_f32()) return recipe::pow(base, exponent, true).value;
  return narrow(recipe::pow(widen(base), widen(exponent), false)).value;
}

constexpr Kink kinks[] = {
    {R"(x = 0,\ y = 0)", R"(\frac{\partial}{\partial x} x^y = 0,\ \frac{\partial}{\partial y} x^y = 0)"}};
constexpr Sample samples[] = {{{0.5, 0.25}, 0.8408964152537145}, {{1.5, -2.5}, 0.36288736930121154}};

}  // namespace

OPERATOR(pow) = {
    .name = "pow",
    .id = "pow",
    .arity = 2,
    .text = {"#1^#2", Precedence::power, {Precedence::postfix, Precedence::unary}},
    .latex = {"#1^{#2}", Precedence::power, {Precedence::postfix}},
    .domain = R"(x > 0\text{, or }y\text{ an integer})",
    .kinks = kinks,
    .partial = partial,
    .rule = "power rule",
    .evaluate = value,
    .evaluate_precise = value,
    .emit = power,
    .ulp = 4,
    .sampled = {0.1, 4},
    .samples = samples,
};

}  // namespace gradc
