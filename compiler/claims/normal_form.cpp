// Expressions, node by node.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/claims/normal_form.h"

#include <algorithm>

#include "compiler/equations/definition.h"
#include "compiler/operators/build.h"
#include "compiler/operators/table.h"

namespace gradc::claims {
namespace {

constexpr std::size_t most_steps = 400'000;
constexpr std::size_t deepest = 1'000;

}  // namespace

NormalForm::NormalForm(const System& system, const Facts& facts, IsKept is_kept)
    : c_(system.context()), system_(system), facts_(facts), is_kept_(std::move(is_kept)) {}

void NormalForm::step(std::size_t cost) {
  steps_ += cost;
  if (steps_ > most_steps) throw GaveUp{};
}

Poly NormalForm::of(Expr e) {
  if (const auto known = memo_.find(e); known != memo_.end()) return known->second;
  step();
  if (++depth_ > deepest) throw GaveUp{};
  Poly result = compute(e);
  --depth_;
  memo_.emplace(e, result);
  return result;
}

Poly NormalForm::compute(Expr e) {
  switch (e->kind) {
    case ExprKind::constant: return Poly(*e->value);
    case ExprKind::position: {
      const auto value = facts_.values.find(e);
      return value == facts_.values.end() ? atom(e) : value->second;
    }
    case ExprKind::size: {
      const Dim& dim = c_.dim(e->dim);
      if (!dim.size) return atom(e);
      return dim.size == e ? atom(e) : of(dim.size);
    }
    case ExprKind::access: return access(e);
    case ExprKind::apply: return apply(e);
    case ExprKind::choose: return choice(e);
    case ExprKind::reduce: return reduction(e);
  }
  throw GaveUp{};
}

Expr NormalForm::written_out(Expr e) {
  const Definition* d = system_.find(e->tensor);
  if (!d || !d->define() || is_kept_(e->tensor)) return e;
  return instantiate(d->define()->value, e->operands);
}

Poly NormalForm::access(Expr e) {
  const Expr value = written_out(e);
  if (value != e) return of(value);
  std::vector<Expr> subscripts;
  for (Expr s : e->operands) subscripts.push_back(expr(of(s), Type::integer));
  const Expr element = c_.access(canonical(e->tensor), subscripts);
  const auto known = facts_.values.find(element);
  return known == facts_.values.end() ? atom(element) : known->second;
}

// Calls of one function with the same arguments have the same results; an argument that only renames another
// tensor is that one.
TensorId NormalForm::canonical(TensorId t) {
  if (const auto known = canonical_.find(t); known != canonical_.end()) return known->second;
  TensorId result = t;
  const Definition* d = system_.find(t);
  if (d && d->define()) {
    const Expr value = d->define()->value;
    if (value->kind == ExprKind::access && value == c_.access_by_slots(value->tensor) &&
        c_.tensor(value->tensor).dims == c_.tensor(t).dims)
      result = canonical(value->tensor);
    else if (const Definition* first = system_.find_equal(value, c_.tensor(t)))
      result = first->tensor;
  } else if (d && std::holds_alternative<Call>(d->rule)) {
    const Call& call = std::get<Call>(d->rule);
    const auto which = std::ranges::find(call.results, t) - call.results.begin();
    const auto same = [&](const Call& other) {
      return other.op == call.op && other.arguments.size() == call.arguments.size() &&
             std::ranges::equal(other.arguments, call.arguments,
                                [&](TensorId a, TensorId b) { return canonical(a) == canonical(b); });
    };
    for (const Definition& other : system_.definitions()) {
      const Call* earlier = std::get_if<Call>(&other.rule);
      if (!earlier || !same(*earlier)) continue;
      result = earlier->results[static_cast<std::size_t>(which)];
      break;
    }
  }
  return canonical_[t] = result;
}

Poly NormalForm::apply(Expr e) {
  if (e->is(op_to_real) || e->is(op_stop)) return of(e->operands[0]);
  if (e->type == Type::boolean) return indicator(e);
  if (e->is(op_pow)) return general_power(e);
  std::vector<Poly> x;
  for (Expr operand : e->operands) x.push_back(of(operand));
  if (e->is(op_add)) return x[0] + x[1];
  if (e->is(op_sub)) return x[0] - x[1];
  if (e->is(op_neg)) return x[0].times(-1);
  if (e->is(op_mul)) return mul(x[0], x[1]);
  if (e->is(op_div)) return mul(x[0], power(x[1], -1));
  return named_function(e, x);
}

Expr NormalForm::expr(const Poly& poly, Type type) const {
  if (type == Type::integer)
    for (const auto& [factors, coefficient] : poly.terms()) {
      if (!coefficient.is_integer()) throw GaveUp{};
      for (const auto& [base, exponent] : factors)
        if (base->type != Type::integer || !exponent.is_integer() || exponent.sign() < 0) throw GaveUp{};
    }
  return to_expr(c_, poly, type);
}

Poly NormalForm::inside(Expr base) const {
  const auto known = atoms_.find(base);
  return known != atoms_.end() && known->second.kind == Kind::sum ? known->second.arguments[0] : atom(base);
}

// A condition on what is bound around it selects terms; any other is decided, or tells cases apart.
Poly NormalForm::choice(Expr e) {
  const Poly taken = indicator(e->condition());
  if (taken.is_constant()) return of(taken.constant().is_zero() ? e->on_false() : e->on_true());
  const Poly otherwise = indicator(gradc::negate(e->condition()));
  return mul(taken, of(e->on_true())) + mul(otherwise, of(e->on_false()));
}

// cos² = 1 − sin²; whether there was one.
bool NormalForm::replace_squares_of_cosines(Poly& p) {
  bool found = false;
  Poly result;
  for (const auto& [factors, coefficient] : p.terms()) {
    Poly term(coefficient);
    Factors rest;
    for (const auto& [base, exponent] : factors) {
      const auto known = atoms_.find(base);
      const bool is_cosine = known != atoms_.end() && known->second.op && known->second.op->id == "cos";
      if (!is_cosine || exponent < Rational(2) || !exponent.is_integer()) {
        rest.emplace_back(base, exponent);
        continue;
      }
      found = true;
      const Poly sine = function(*find_operator("sin"), std::vector<Poly>(known->second.arguments));
      Rational left = exponent;
      for (; Rational(2) <= left; left = left - 2) term = mul(term, Poly(1) - mul(sine, sine));
      if (!left.is_zero()) rest.emplace_back(base, left);
    }
    result = result + mul(term, Poly(1, rest));
  }
  if (found) p = std::move(result);
  return found;
}

// Σ n = 0, after all sums that stand below a fraction have been multiplied up.
bool NormalForm::is_zero(const Poly& start) {
  Poly p = start;
  for (int round = 0; round < 40; ++round) {
    if (p.is_zero()) return true;
    Expr base;
    Rational least = 0;
    for (const auto& [factors, coefficient] : p.terms())
      for (const auto& [b, exponent] : factors) {
        const auto known = atoms_.find(b);
        const bool is_sum = known != atoms_.end() && known->second.kind == Kind::sum;
        const bool is_cosine = known != atoms_.end() && known->second.op && known->second.op->id == "cos";
        if ((!is_sum && !is_cosine) || exponent.sign() >= 0) continue;
        if (base && b != base) continue;
        base = b;
        least = std::min(least, exponent);
      }
    if (!base) {
      if (!replace_squares_of_cosines(p)) return false;
      continue;
    }
    // Before the sum is multiplied out, so that it goes away where it stands below.
    Poly next;
    for (const auto& [factors, coefficient] : p.terms())
      next.add(settled(product(factors, {{base, -least}})), coefficient);
    p = std::move(next);
  }
  return false;
}

std::optional<Poly> NormalForm::open_kink(const Poly& poly) const {
  for (const auto& [factors, coefficient] : poly.terms())
    for (const auto& [base, exponent] : factors)
      for (Expr e : reachable_nodes(base)) {
        const auto known = atoms_.find(e);
        if (known == atoms_.end() || known->second.op != &op_abs) continue;
        if (!depends_on_binders(known->second.arguments[0]) && e->free.size() == 0)
          return known->second.arguments[0];
        if (!depends_on_binders(e)) return known->second.arguments[0];
      }
  return std::nullopt;
}

bool NormalForm::depends_on_binders(Expr e) const {
  return std::ranges::any_of(e->free, [](Index i) { return i.kind != Index::Kind::slot; });
}

bool NormalForm::depends_on_binders(const Poly& p) const {
  for (const auto& [factors, coefficient] : p.terms())
    for (const auto& [base, exponent] : factors)
      if (depends_on_binders(base)) return true;
  return false;
}

}  // namespace gradc::claims
