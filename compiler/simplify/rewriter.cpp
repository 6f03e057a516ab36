// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/simplify/rewriter.h"

#include <algorithm>
#include <cstdlib>

#include "compiler/operators/build.h"
#include "compiler/simplify/exponentials.h"
#include "compiler/simplify/fold.h"
#include "compiler/simplify/narrow.h"
#include "compiler/simplify/quotients.h"
#include "compiler/support/check.h"

namespace gradc {
namespace {

constexpr double most_shared_cost =
    64;  // an inner sum or product that others use too is taken apart up to here

bool has_zero(Expr e) {
  for (int depth = 0; depth < 8; ++depth) {
    if (e->is_constant(0)) return true;
    if (e->kind != ExprKind::choose) return false;
    if (e->on_true()->is_constant(0)) return true;
    e = e->on_false();
  }
  return false;
}

// A choice one side of which is a structural zero: it selects, and is never multiplied with.
bool is_selection(Expr e) { return e->kind == ExprKind::choose && e->type == Type::real && has_zero(e); }

}  // namespace

Rewriter::Rewriter(Context& context, Reader reader, LookThrough see, const void* state)
    : c_(context), reader_(reader), see_(see), state_(state) {}

void Rewriter::written(Expr root) {
  std::vector<Expr> stack{root};
  while (!stack.empty()) {
    const Expr e = stack.back();
    stack.pop_back();
    if (e->type == Type::integer || e->operands.empty() || e->kind == ExprKind::access) continue;
    if (!written_.insert(shapes_(e)).second) continue;  // and so is all below it
    for (Expr operand : e->operands) stack.push_back(operand);
  }
}

void Rewriter::count_uses(Expr root) {
  for (Expr e : reachable_nodes(root))
    for (Expr operand : e->operands) ++uses_[operand];
}

// Integer arithmetic is exact whoever wrote it.
bool Rewriter::is_made(Expr e) {
  return e->type == Type::integer || (!only_written_ && !written_.contains(shapes_(e)));
}

bool Rewriter::descends(Expr e) {
  const auto uses = uses_.find(e);
  return uses == uses_.end() || uses->second <= 1 || cost_(e) <= most_shared_cost;
}

Expr Rewriter::note(std::string_view rule, Expr before, Expr after) {
  if (steps_) steps_->push_back({&rule_table().find(rule), before, after});
  return after;
}

Expr Rewriter::operator()(Expr root) {
  std::vector<Expr> stack{root};
  while (!stack.empty()) {
    const Expr e = stack.back();
    if (memo_.contains(e)) {
      stack.pop_back();
      continue;
    }
    auto [entry, inserted] = pending_.try_emplace(e);
    if (inserted) prepare(e, entry->second);
    const std::size_t before = stack.size();
    for (auto need = entry->second.needs.rbegin(); need != entry->second.needs.rend(); ++need)
      if (!memo_.contains(*need)) stack.push_back(*need);
    if (stack.size() != before) continue;
    stack.pop_back();
    Pending& pending = pending_.at(e);
    if (pending.becomes) {
      memo_[e] = memo_.at(pending.becomes);
      pending_.erase(e);
      continue;
    }
    const auto [result, is_normal] = combine(e, pending);
    if (is_normal || result == e) {
      memo_[e] = result;
      memo_[result] = result;
      pending_.erase(e);
    } else if (auto known = memo_.find(result); known != memo_.end()) {
      memo_[e] = known->second;
      pending_.erase(e);
    } else if (pending_.contains(result)) {
      memo_[e] = cheapest_in_circle(e, result);
      pending_.erase(e);
    } else {
      Pending& waiting = pending_.at(e);
      waiting.needs = {result};
      waiting.becomes = result;
      stack.push_back(e);
      stack.push_back(result);
    }
  }
  return memo_.at(root);
}

// Two rules may each find the other's result shorter, for one counts what is shared and one does not. All
// that is on such a circle becomes the one expression of it that is the cheapest.
Expr Rewriter::cheapest_in_circle(Expr e, Expr next) {
  Expr best = e;
  for (; next != e; next = pending_.at(next).becomes) {
    GRADC_CHECK(pending_.contains(next), "simplification rules go in a circle");
    if (const double a = cost_(next), b = cost_(best); a < b || (a == b && next->id < best->id)) best = next;
  }
  return memo_[best] = best;
}

void Rewriter::prepare(Expr e, Pending& p) {
  if (names_)
    if (const Expr name = names_->name_of(e, ranges_)) {
      p.becomes = note("own-value", e, name);
      p.needs = {name};
      return;
    }
  const Descend inner = [this](Expr node) { return descends(node); };
  if (e->kind == ExprKind::reduce) {
    p.form = Pending::Form::reduction;
    p.opened = open(e);
    for (const Binder& b : p.opened.binders) {
      ranges_.add(b.index, b.lower, b.upper);
      p.needs.push_back(b.lower);
      p.needs.push_back(b.upper);
    }
    p.needs.push_back(p.opened.guard);
    p.needs.push_back(under(p.opened.body, p.opened.guard, true, p.back[0]));
  } else if (e->kind == ExprKind::apply && e->type != Type::boolean && (is_sum(e) || is_product(e)) &&
             reader_ == Reader::both && is_made(e)) {
    if (is_sum(e)) {
      p.form = Pending::Form::sum;
      p.terms = sum_leaves(e, inner);
      for (const SumLeaf& leaf : p.terms) p.needs.push_back(leaf.e);
    } else {
      p.form = Pending::Form::product;
      p.factors = product_leaves(e, p.coefficient, inner);
      for (const ProductLeaf& leaf : p.factors) p.needs.push_back(leaf.e);
    }
  } else {
    p.needs.assign(e->operands.begin(), e->operands.end());
    if (e->kind == ExprKind::choose)
      for (const std::size_t side : {0u, 1u})
        p.needs[side + 1] = under(p.needs[side + 1], e->condition(), side == 0, p.back[side]);
  }
}

Expr Rewriter::under(Expr e, Expr condition, bool holds, IndexMap& back) {
  if (!names_ || condition->is_constant() || !names_->may_name_inside(e)) return e;
  Narrowed narrowed = narrow(e, condition, holds, ranges_);
  back = std::move(narrowed.back);
  return narrowed.e;
}

std::pair<Expr, bool> Rewriter::combine(Expr e, Pending& p) {
  switch (p.form) {
    case Pending::Form::sum: return combine_sum(e, p);
    case Pending::Form::product: return combine_product(e, p);
    case Pending::Form::reduction: return combine_reduction(e, p);
    case Pending::Form::plain: break;
  }
  std::vector<Expr> operands;
  for (Expr need : p.needs) operands.push_back(memo_.at(need));
  for (const std::size_t side : {0u, 1u})
    if (!p.back[side].empty()) operands[side + 1] = substitute(operands[side + 1], p.back[side]);
  const Expr rebuilt = with_operands(e, operands);
  // What a person wrote stays theirs when exact rules have gone through its inside.
  if (rebuilt != e && !is_made(e)) written_.insert(shapes_(rebuilt));
  if (rebuilt != e && (is_sum(rebuilt) || is_product(rebuilt)) && is_made(rebuilt)) return {rebuilt, false};
  if (const Expr result = apply_rules(rebuilt)) return {result, false};
  return {rebuilt, true};
}

Expr Rewriter::apply_rules(Expr e) {
  if (e->kind != ExprKind::apply && e->kind != ExprKind::choose) return Expr();
  if (reader_ == Reader::both) {
    if (const Expr folded = fold(e); folded != e) return note("constant-folding", e, folded);
    if (e->kind == ExprKind::choose && e->condition()->is_constant())
      return note("choice-decided", e, e->condition()->is_constant(1) ? e->on_true() : e->on_false());
    if (e->type == Type::boolean)
      if (const Rewritten r = rewrite_condition(e, ranges_); r.e) return note(r.rule, e, r.e);
  }
  if (reader_ == Reader::machine) {
    if (const Rewritten r = rewrite_exponentials(e, see_, state_); r.e) return note(r.rule, e, r.e);
    if (const Rewritten r = rewrite_quotient(e); r.e) return note(r.rule, e, r.e);
  }
  for (const Rule* rule : rule_table().of_root(reader_, e->op)) {
    if (rule->holds == Holds::over_reals && !is_made(e)) continue;
    const Context& patterns = rule_table().patterns();
    const std::optional<Match> found = match(rule->left, e, patterns, see_, state_);
    if (!found) continue;
    const Expr result = fill(rule->right, *found, c_);
    if (!is_made(e)) written(result);
    if (steps_) steps_->push_back({rule, e, result});
    return result;
  }
  return Expr();
}

std::pair<Expr, bool> Rewriter::combine_sum(Expr e, const Pending& p) {
  Sum sum;
  for (const SumLeaf& leaf : p.terms) {
    const Expr value = memo_.at(leaf.e);
    Sum part;
    if (is_sum(value) && (leaf.e != value || descends(value)))
      part = as_sum(value);
    else
      part.terms.push_back(as_product(value));
    for (Product& term : part.terms) {
      if (leaf.negative) term.coefficient = -term.coefficient;
      sum.terms.push_back(std::move(term));
    }
  }
  collect(sum);
  if (const Expr joined = choices_joined(sum, e->type))
    return {note("choices-of-one-condition", e, joined), false};
  if (factor_out(c_, sum, e->type, cost_)) return {note("factor-out", e, to_expr(c_, sum, e->type)), false};
  if (multiply_out(c_, sum, e->type, cost_))
    return {note("multiply-out", e, to_expr(c_, sum, e->type)), false};
  if (common_denominator(c_, sum, e->type, cost_))
    return {note("common-denominator", e, to_expr(c_, sum, e->type)), false};
  const Expr result = to_expr(c_, sum, e->type);
  if (result != e) note("collect-terms", e, result);
  if (const Expr rewritten = apply_rules(result)) return {rewritten, false};
  return {result, true};
}

// choose(c, a, b) + choose(c, d, e) = choose(c, a + d, b + e)
Expr Rewriter::choices_joined(Sum& sum, Type type) {
  if (type != Type::real) return Expr();
  auto choice_of = [](const Product& term) -> Expr {
    return term.factors.size() == 1 && term.factors[0].exponent.is_one() &&
                   term.factors[0].base->kind == ExprKind::choose
               ? term.factors[0].base
               : Expr();
  };
  std::unordered_map<Expr, std::size_t> first_with;
  for (std::size_t i = 0; i < sum.terms.size(); ++i) {
    const Expr choice = choice_of(sum.terms[i]);
    if (!choice) continue;
    const auto [entry, inserted] = first_with.try_emplace(choice->condition(), i);
    if (inserted) continue;
    const Product &a = sum.terms[entry->second], &b = sum.terms[i];
    Sum on_true, on_false;
    for (const Product* term : {&a, &b}) {
      const Expr one = choice_of(*term);
      on_true.terms.push_back({term->coefficient, {{one->on_true(), Rational(1)}}});
      on_false.terms.push_back({term->coefficient, {{one->on_false(), Rational(1)}}});
    }
    Product joined;
    joined.times(c_.choose(choice->condition(), to_expr(c_, on_true, type), to_expr(c_, on_false, type)), 1);
    sum.terms[entry->second] = std::move(joined);
    sum.terms.erase(sum.terms.begin() + static_cast<std::ptrdiff_t>(i));
    return to_expr(c_, sum, type);
  }
  return Expr();
}

std::pair<Expr, bool> Rewriter::combine_product(Expr e, const Pending& p) {
  Product product;
  product.coefficient = p.coefficient;
  for (const ProductLeaf& leaf : p.factors) {
    const Expr value = memo_.at(leaf.e);
    // A leaf that came out as a product or a number joins in; its own factors are normal.
    Rational number = 1;
    const std::optional<std::int64_t> whole = leaf.exponent.to_int64();
    if (whole && (is_product(value) || value->is_constant()) && (value != leaf.e || descends(value))) {
      const Product part = as_product(value);
      if (const auto power_of = power(part.coefficient, *whole)) {
        product.times(*power_of);
        for (const Factor& f : part.factors) product.times(f.base, f.exponent * leaf.exponent);
        continue;
      }
    }
    product.times(value, leaf.exponent);
  }
  const Type type = e->type;
  for (std::size_t k = 0; k < product.factors.size(); ++k) {
    const Factor root = product.factors[k];
    const std::optional<std::int64_t> n = root.exponent.to_int64();
    if (!root.base->is(op_sqrt) || !n || std::abs(*n) < 2) continue;
    product.factors[k] = {root.base->operands[0], Rational(*n / 2)};
    if (*n % 2 != 0) product.times(root.base, Rational(*n % 2));
    return {note("powers-of-roots", e, to_expr(c_, product, type)), false};
  }
  if (product.coefficient.is_zero()) return {note("times-zero", e, c_.constant(0, type)), true};
  for (std::size_t k = 0; k < product.factors.size(); ++k) {
    const Factor selected = product.factors[k];
    const std::optional<std::int64_t> n = selected.exponent.to_int64();  // 0^n is 0
    if (!n || *n < 1 || !is_selection(selected.base)) continue;
    product.factors.erase(product.factors.begin() + static_cast<std::ptrdiff_t>(k));
    if (*n == 1 && product.factors.empty() && product.coefficient.is_one()) return {selected.base, true};
    auto side = [&](Expr value) -> Expr {
      if (value->is_constant(0)) return value;
      Product scaled = product;
      const std::optional<Rational> constant = value->is_constant() ? power(*value->value, *n) : std::nullopt;
      if (constant)
        scaled.times(*constant);
      else
        scaled.factors.push_back({value, selected.exponent});
      return to_expr(c_, scaled, type);
    };
    const Expr choice = c_.choose(selected.base->condition(), side(selected.base->on_true()),
                                  side(selected.base->on_false()));
    return {note("selection-of-product", e, choice), false};
  }
  const Expr result = to_expr(c_, product, type);
  if (result == e) {
    if (const Expr rewritten = apply_rules(result)) return {rewritten, false};
    return {e, true};
  }
  note("collect-factors", e, result);
  if (!is_product(result)) return {result, !is_sum(result)};  // one factor, or a sum with its signs turned
  if (const Expr rewritten = apply_rules(result)) return {rewritten, false};
  return {result, true};
}

std::pair<Expr, bool> Rewriter::combine_reduction(Expr e, Pending& p) {
  OpenedReduction& r = p.opened;
  for (std::size_t k = 0; k < r.binders.size(); ++k) {
    r.binders[k].lower = memo_.at(p.needs[2 * k]);
    r.binders[k].upper = memo_.at(p.needs[2 * k + 1]);
  }
  r.guard = memo_.at(p.needs[p.needs.size() - 2]);
  r.body = memo_.at(p.needs.back());
  if (!p.back[0].empty()) r.body = substitute(r.body, p.back[0]);
  const bool made = is_made(e);
  const Expr closed = close(c_, r);
  if (!made) written_.insert(shapes_(closed));
  if (reader_ == Reader::both)
    if (const Rewritten rewritten = rewrite_reduction(c_, r, ranges_, made); rewritten.e) {
      if (!made) written(rewritten.e);
      return {note(rewritten.rule, closed, rewritten.e), false};
    }
  return {closed, true};
}

}  // namespace gradc
