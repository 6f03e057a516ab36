// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/simplify/ranges.h"

#include <algorithm>
#include <tuple>
#include <vector>

#include "compiler/operators/build.h"
#include "compiler/simplify/polynomial.h"

namespace gradc {

void Linear::add(Expr atom, const Rational& coefficient) {
  Rational& entry = atoms[atom];
  entry = entry + coefficient;
  if (entry.is_zero()) atoms.erase(atom);
}

void Linear::add(const Linear& other, const Rational& factor) {
  for (const auto& [atom, coefficient] : other.atoms) add(atom, coefficient * factor);
  constant = constant + other.constant * factor;
}

bool Linear::divide_out() {
  const auto quotient = std::ranges::find_if(atoms, [](const auto& atom) {
    const bool divides = atom.first->is(op_floor_div) && atom.first->operands[1]->is_constant();
    return divides && atom.first->operands[1]->value->sign() > 0 &&
           (atom.second == Rational(1) || atom.second == Rational(-1));
  });
  if (quotient == atoms.end()) return false;
  const auto [atom, sign] = *quotient;
  const Rational by = *atom->operands[1]->value;
  atoms.erase(quotient);
  Linear all;
  all.add(*this, by);
  all.add(linear(atom->operands[0]), sign);
  if (sign.sign() < 0) all.constant = all.constant + by - Rational(1);
  *this = std::move(all);
  return true;
}

Linear linear(Expr root) {
  Linear result;
  std::vector<std::pair<Expr, Rational>> stack{{root, 1}};
  while (!stack.empty()) {
    const auto [e, factor] = stack.back();
    stack.pop_back();
    if (e->is_constant()) {
      result.constant = result.constant + factor * *e->value;
    } else if (e->is(op_add) || e->is(op_sub)) {
      stack.emplace_back(e->operands[0], factor);
      stack.emplace_back(e->operands[1], e->is(op_sub) ? -factor : factor);
    } else if (e->is(op_neg)) {
      stack.emplace_back(e->operands[0], -factor);
    } else if (e->is(op_mul) && e->operands[0]->is_constant()) {
      stack.emplace_back(e->operands[1], factor * *e->operands[0]->value);
    } else if (e->is(op_mul) && e->operands[1]->is_constant()) {
      stack.emplace_back(e->operands[0], factor * *e->operands[1]->value);
    } else if (e->kind == ExprKind::size && e->context->dim(e->dim).kind != Dim::Kind::run_time &&
               e->context->dim(e->dim).size) {
      stack.emplace_back(e->context->dim(e->dim).size, factor);
    } else {
      result.add(e, factor);
    }
  }
  return result;
}

Expr to_expr(Context& c, const Linear& form) {
  Sum sum;
  for (const auto& [atom, coefficient] : form.atoms)
    sum.terms.push_back({coefficient, {{atom, Rational(1)}}});
  if (!form.constant.is_zero()) sum.terms.push_back({form.constant, {}});
  collect(sum);
  return to_expr(c, sum, Type::integer);
}

std::optional<std::pair<Expr, Expr>> Ranges::of(Index index, Context& c) const {
  if (auto known = bounds_.find(index); known != bounds_.end())
    return std::pair(known->second.lower, known->second.upper);
  if (index.dim.valid()) return std::pair(c.integer(0), c.size(index.dim));
  return std::nullopt;
}

void Ranges::add_fact(const Linear& form) {
  const auto [known, is_new] = facts_.try_emplace(form.atoms, form.constant);
  if (!is_new && form.constant < known->second) known->second = form.constant;
}

bool Ranges::non_negative(Linear e) const {
  if (const auto fact = facts_.find(e.atoms); fact != facts_.end() && fact->second <= e.constant) return true;
  // Each step takes one atom away and puts in older ones; a bound on steps guards against sizes defined by
  // sizes.
  for (int step = 0; step < 64; ++step) {
    if (e.atoms.empty()) return e.constant.sign() >= 0;
    if (e.divide_out()) continue;
    // Indices before anything else, youngest first: Index orders slots before bound before fresh, then by
    // number.
    auto chosen = e.atoms.end();
    for (auto atom = e.atoms.begin(); atom != e.atoms.end(); ++atom)
      if (atom->first->kind == ExprKind::position &&
          (chosen == e.atoms.end() || chosen->first->index < atom->first->index))
        chosen = atom;
    if (chosen == e.atoms.end()) chosen = e.atoms.begin();
    const Expr atom = chosen->first;
    const Rational coefficient = chosen->second;
    Context& c = *atom->context;
    Expr lower, last_plus_one;
    if (atom->kind == ExprKind::position) {
      if (const auto range = of(atom->index, c)) std::tie(lower, last_plus_one) = *range;
    } else if (atom->kind == ExprKind::access && c.tensor(atom->tensor).member_of.valid()) {
      lower = c.integer(0);
      last_plus_one = c.size(c.tensor(atom->tensor).member_of);
    } else if (atom->kind == ExprKind::size) {
      lower = c.integer(0);
    } else if (atom->is(op_mod) && atom->operands[1]->is_constant() && atom->operands[1]->value->sign() > 0) {
      lower = c.integer(0);
      last_plus_one = atom->operands[1];
    }
    const Expr end = coefficient.sign() > 0 ? lower : last_plus_one;
    if (!end) return false;
    e.atoms.erase(chosen);
    e.add(linear(end), coefficient);
    if (coefficient.sign() < 0) e.constant = e.constant - coefficient;  // coefficient·(end - 1)
  }
  return false;
}

bool Ranges::less_equal(Expr a, Expr b) const {
  Linear difference = linear(b);
  difference.add(linear(a), -1);
  return non_negative(std::move(difference));
}

bool Ranges::less(Expr a, Expr b) const {
  Linear difference = linear(b);
  difference.add(linear(a), -1);
  difference.constant = difference.constant - Rational(1);
  return non_negative(std::move(difference));
}

bool Ranges::equal(Expr a, Expr b) const {
  Linear difference = linear(a);
  difference.add(linear(b), -1);
  return difference.atoms.empty() && difference.constant.is_zero();
}

}  // namespace gradc
