// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/claims/domain.h"

#include <algorithm>

#include "compiler/operators/build.h"
#include "compiler/operators/table.h"

namespace gradc::claims {

void Domain::collect(Expr side) { visit(side, {}); }

void Domain::visit(Expr e, const Place& place) {
  if (!visited_.emplace(e, place.number).second) return;
  if (++depth_ > 1'000 || visited_.size() > 50'000) throw GaveUp{};
  switch (e->kind) {
    case ExprKind::constant:
    case ExprKind::position:
    case ExprKind::size: break;
    case ExprKind::access: {
      for (Expr s : e->operands) visit(s, place);
      const Expr value = form_.written_out(e);
      if (value != e)
        visit(value, place);
      else if (form_.system().find(e->tensor) && !is_total_(e->tensor))
        need_value(e, place);
      break;
    }
    case ExprKind::apply: visit_apply(e, place); break;
    case ExprKind::choose: {
      visit(e->condition(), place);
      const auto truth = form_.truth(e->condition());
      if (!truth || *truth) visit_under(e->on_true(), truth ? Expr() : e->condition(), place);
      if (!truth || !*truth)
        visit_under(e->on_false(), truth ? Expr() : gradc::negate(e->condition()), place);
      break;
    }
    case ExprKind::reduce: visit_reduce(e, place); break;
  }
  --depth_;
}

void Domain::visit_under(Expr e, Expr condition, const Place& place) {
  if (!condition) return visit(e, place);
  Place inner = place;
  inner.guards.push_back(condition);
  inner.number = ++places_;
  visit(e, inner);
}

void Domain::visit_reduce(Expr e, const Place& place) {
  std::vector<Index> taken(e->free.begin(), e->free.end());
  for (const Binder& b : place.binders) taken.push_back(b.index);
  const NormalForm::Opened o = form_.open(e, form_.above(taken));
  Place inner = place;
  inner.number = ++places_;
  inner.binders.insert(inner.binders.end(), o.binders.begin(), o.binders.end());
  visit(o.guard, inner);
  if (!o.guard->is_constant()) inner.guards.push_back(o.guard), inner.number = ++places_;
  visit(o.body, inner);
}

void Domain::visit_apply(Expr e, const Place& place) {
  if (e->is(op_and) || e->is(op_or)) {
    visit(e->operands[0], place);
    const auto left = form_.truth(e->operands[0]);
    if (left && *left != e->is(op_and)) return;
    const Expr reached = e->is(op_and) ? e->operands[0] : gradc::negate(e->operands[0]);
    return visit_under(e->operands[1], left ? Expr() : reached, place);
  }
  for (Expr operand : e->operands) visit(operand, place);
  const std::string_view id = e->op->id;
  const auto x = [&](std::size_t k) { return form_.of(e->operands[k]); };
  const Poly one(1);
  constexpr Signs not_zero = negative | positive, not_negative = zero | positive;
  const auto square = [&](const Poly& p) { return form_.mul(p, p); };
  if (id == "div") return need(x(1), not_zero, place);
  if (id == "sqrt" || id == "root") return need(x(0), not_negative, place);
  if (id == "log" || id == "log2" || id == "log10") return need(x(0), positive, place);
  if (id == "log1p") return need(one + x(0), positive, place);
  if (id == "tan") return need(form_.sine_cosine(x(0)).second, not_zero, place);
  if (id == "asin" || id == "acos") return need(one - square(x(0)), not_negative, place);
  if (id == "atanh") return need(one - square(x(0)), positive, place);
  if (id == "acosh") return need(x(0) - one, not_negative, place);
  if (id == "xlogy" && within(form_.signs(x(1)), positive)) return;
  if (id == "pow") {
    const Poly exponent = x(1);
    if (!exponent.is_constant()) {
      if (!within(form_.signs(x(0)), positive)) need_value(e, place);
      return;
    }
    const Rational q = exponent.constant();
    if (!q.is_integer()) return need(x(0), q.sign() < 0 ? positive : not_negative, place);
    if (q.sign() < 0) need(x(0), not_zero, place);
    return;
  }
  if (id == "lgamma" || id == "digamma" || id == "trigamma" || id == "polygamma") {
    const Poly poles = form_.function(*find_operator("polygamma"), {Poly(), x(e->operands.size() - 1)});
    return need_other(equal(form_.expr(poles), form_.expr(poles)), place);
  }
  if (id == "gammainc" || id == "gammaincc") {
    need(x(0), positive, place);
    return need(x(1), not_negative, place);
  }
  if (id == "gamma_density") return need(x(1), not_negative, place);
  const bool divides = id == "floor_div" || id == "mod" || id == "exact_div";
  if (!e->op->domain.empty() || (divides && !e->operands[1]->is_constant())) need_value(e, place);
}

// Of a product that is not 0 no factor is.
void Domain::need(const Poly& value, Signs allowed, const Place& place) {
  if (value.is_zero() || allowed != (negative | positive)) return need_part(value, allowed, place);
  Factors factors = value.terms().begin()->first;
  if (value.size() > 1) {
    factors = form_.common_factor(value, false).terms().begin()->first;
    Factors inverse = factors;
    for (auto& [b, exponent] : inverse) exponent = -exponent;
    need_part(form_.mul(value, Poly(1, inverse)), allowed, place);
  }
  for (const auto& [base, exponent] : factors) need_part(form_.inside(base), allowed, place);
}

void Domain::need_part(const Poly& value, Signs allowed, const Place& place) {
  // x³ has the sign of x.
  if (value.size() == 1 && value.terms().begin()->first.size() == 1) {
    const auto& [base, exponent] = value.terms().begin()->first[0];
    const auto whole = exponent.to_int64();
    if (whole && *whole > 1 && *whole % 2 == 1)
      return need_part(form_.inside(base).times(value.leading()), allowed, place);
  }
  if (within(form_.signs(value), allowed)) return;
  const Rational lead = value.leading();
  const Poly canonical = lead.is_zero() ? value : value.times(Rational(1) / lead);
  const Signs wanted = lead.sign() < 0 ? opposite(allowed) : allowed;
  const bool reached = place.guards.empty() && std::ranges::all_of(place.binders, [&](const Binder& b) {
                         return form_.is_whole_dim(b) && form_.has_positions(b.index.dim);
                       });
  if (reached && !form_.depends_on_binders(canonical) && !value.is_zero()) {
    signs_.emplace_back(canonical, wanted);
    return;
  }
  const Expr e = form_.expr(canonical), nothing = c_.real(0);
  Expr condition = c_.boolean(false);
  if (wanted & negative) condition = either(condition, less(e, nothing));
  if (wanted & zero) condition = either(condition, equal(e, nothing));
  if (wanted & positive) condition = either(condition, less(nothing, e));
  need_other(condition, place);
}

// What has no form of its own: that this has a value, its arguments in normal form.
Expr Domain::key(Expr e) {
  std::vector<Expr> operands;
  for (Expr operand : e->operands) operands.push_back(form_.expr(form_.of(operand), operand->type));
  Expr same = e->kind == ExprKind::access ? c_.access(form_.canonical(e->tensor), operands)
                                          : c_.apply(*e->op, operands);
  if (same->type == Type::boolean) same = choose(same, c_.real(1), c_.real(0));
  return equal(same, same);
}

void Domain::need_other(Expr condition, const Place& place) {
  Expr guard = conjunction(c_, place.guards);
  std::vector<Binder> binders;
  for (std::size_t k = place.binders.size(); k-- > 0;) {
    const Binder& b = place.binders[k];
    bool wanted = !form_.is_whole_dim(b) || !form_.has_positions(b.index.dim) ||
                  condition->depends_on(b.index) || guard->depends_on(b.index);
    for (const Binder& inner : binders)
      wanted = wanted || inner.lower->depends_on(b.index) || inner.upper->depends_on(b.index);
    if (wanted) binders.insert(binders.begin(), b);
  }
  if (!binders.empty())
    condition = c_.reduce(reduce_all, binders, guard, condition);
  else if (!place.guards.empty())
    condition = either(gradc::negate(guard), condition);
  others_.insert(condition);
}

}  // namespace gradc::claims
