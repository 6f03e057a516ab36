// Conditions: as sums of products of indicators of signs. An indicator selects: what it stands before counts
// as 0 where it does not hold, whatever it is.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/claims/normal_form.h"
#include "compiler/operators/build.h"

namespace gradc::claims {

Poly NormalForm::indicator(Expr e) {
  step();
  if (e->is_constant()) return Poly(*e->value);
  if (e->kind == ExprKind::access) {
    const Expr value = written_out(e);
    return value == e ? boolean_indicator(e, true) : indicator(value);
  }
  if (e->kind == ExprKind::choose)
    return mul(indicator(e->condition()), indicator(e->on_true())) +
           mul(indicator(gradc::negate(e->condition())), indicator(e->on_false()));
  if (e->kind != ExprKind::apply) return boolean_indicator(e, true);
  const auto difference = [&] { return of(e->operands[0]) - of(e->operands[1]); };
  if (e->is(op_and)) {
    // `b > 0 and 1/b < 2`: the right side is looked at only where the left one holds.
    const Poly left = indicator(e->operands[0]);
    return left.is_zero() ? left : mul(left, indicator(e->operands[1]));
  }
  if (e->is(op_or)) {
    const Poly left = indicator(e->operands[0]);
    if (left.is_constant() && !left.is_zero()) return left;
    return left + mul(indicator(gradc::negate(e->operands[0])), indicator(e->operands[1]));
  }
  if (e->is(op_equal)) return sign_indicator(difference(), zero);
  if (e->is(op_not_equal)) return sign_indicator(difference(), negative | positive);
  if (e->is(op_less)) return sign_indicator(difference(), negative);
  if (e->is(op_less_equal)) return sign_indicator(difference(), negative | zero);
  if (!e->is(op_not)) return boolean_indicator(e, true);
  const Expr inner = e->operands[0];
  if (inner->is_constant()) return Poly(inner->is_constant(0) ? 1 : 0);
  if (inner->is(op_not)) return indicator(inner->operands[0]);
  if (inner->is(op_and))
    return indicator(either(gradc::negate(inner->operands[0]), gradc::negate(inner->operands[1])));
  if (inner->is(op_or))
    return indicator(both(gradc::negate(inner->operands[0]), gradc::negate(inner->operands[1])));
  if (inner->is(op_equal)) return indicator(not_equal(inner->operands[0], inner->operands[1]));
  if (inner->is(op_not_equal)) return indicator(equal(inner->operands[0], inner->operands[1]));
  if (inner->is(op_less)) return indicator(less_equal(inner->operands[1], inner->operands[0]));
  if (inner->is(op_less_equal)) return indicator(less(inner->operands[1], inner->operands[0]));
  if (inner->kind == ExprKind::access)
    if (const Expr value = written_out(inner); value != inner) return indicator(gradc::negate(value));
  if (inner->kind == ExprKind::choose)
    return mul(indicator(inner->condition()), indicator(gradc::negate(inner->on_true()))) +
           mul(indicator(gradc::negate(inner->condition())), indicator(gradc::negate(inner->on_false())));
  return boolean_indicator(inner, false);
}

std::optional<bool> NormalForm::truth(Expr condition) {
  const Poly p = indicator(condition);
  if (!p.is_constant()) return std::nullopt;
  return !p.is_zero();
}

Poly NormalForm::sign_indicator(const Poly& sum, Signs wanted) {
  const Signs possible = signs(sum);
  if (within(possible, wanted)) return Poly(1);
  if ((possible & wanted) == none) return Poly();
  if (!depends_on_binders(sum)) throw NeedSplit{sum, {}};
  const Rational lead = sum.leading();
  const Poly canonical = sum.times(Rational(1) / lead);
  const Expr difference = expr(canonical), nothing = c_.real(0);
  Poly result;
  for (const Signs sign : {negative, zero, positive}) {
    if (!(possible & wanted & sign)) continue;
    const Signs here = lead.sign() < 0 ? opposite(sign) : sign;
    const Expr condition = here == zero       ? equal(difference, nothing)
                           : here == negative ? less(difference, nothing)
                                              : less(nothing, difference);
    const Expr selects = choose(condition, c_.real(1), c_.real(0));
    atoms_.try_emplace(selects,
                       Atom{.kind = Kind::indicator, .op = nullptr, .arguments = {canonical}, .sign = here});
    result = result + atom(selects);
  }
  return result;
}

Poly NormalForm::boolean_indicator(Expr condition, bool holds) {
  if (const auto known = facts_.booleans.find(condition); known != facts_.booleans.end())
    return Poly(known->second == holds ? 1 : 0);
  if (!depends_on_binders(condition)) throw NeedSplit{{}, condition};
  const Expr selects = choose(holds ? condition : gradc::negate(condition), c_.real(1), c_.real(0));
  atoms_.try_emplace(selects, Atom{.kind = Kind::indicator, .op = nullptr, .arguments = {}, .sign = any});
  return atom(selects);
}

}  // namespace gradc::claims
