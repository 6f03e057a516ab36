// Common factors of a sum's terms, taken out where the result is shorter: 6·u²·x + 3·u² = 3·u²·(2·x + 1), but
// 12·x³ + 4·x stays a polynomial in the variables themselves.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <numeric>

#include "compiler/operators/build.h"
#include "compiler/simplify/polynomial.h"

namespace gradc {
namespace {

constexpr std::size_t most_terms = 48;  // the search is quadratic

// dE/da·x + dE/da has as many signs as dE/da·(x + 1), but names the derivative twice; put in, it would stand
// there twice.
bool names_derivative(Context& c, Expr base) {
  return base->kind == ExprKind::access &&
         (c.tensor(base->tensor).role == Role::adjoint || c.tensor(base->tensor).role == Role::tangent);
}

// Only what is a formula by itself, or the name of one, is worth a bracket.
bool worth_a_bracket(Context& c, Expr base) {
  if (base->kind == ExprKind::access) {
    const Role role = c.tensor(base->tensor).role;
    return role == Role::derived || role == Role::adjoint || role == Role::tangent || role == Role::seed;
  }
  return base->kind == ExprKind::apply || base->kind == ExprKind::reduce;
}

const Factor* find(const Product& term, Expr base) {
  for (const Factor& f : term.factors)
    if (f.base == base) return &f;
  return nullptr;
}

Rational gcd(const Rational& a, const Rational& b) {
  const auto x = a.to_int64(), y = b.to_int64();
  return x && y ? Rational(std::gcd(*x, *y)) : Rational(1);
}

// What all these terms share: the number's greatest divisor, bases with their least exponent.
Product common_part(const Sum& sum, const std::vector<std::size_t>& group) {
  Product common;
  for (const Factor& f : sum.terms[group[0]].factors) {
    Rational least = f.exponent;
    bool everywhere = true;
    for (std::size_t i : group) {
      const Factor* other = find(sum.terms[i], f.base);
      everywhere = everywhere && other && other->exponent.sign() == f.exponent.sign();
      if (!everywhere) break;
      if (f.exponent.sign() > 0 ? other->exponent < least : least < other->exponent) least = other->exponent;
    }
    if (everywhere) common.factors.push_back({f.base, least});
  }
  Rational divisor = sum.terms[group[0]].coefficient;
  bool all_negative = true, all_equal = true, all_integer = true;
  for (std::size_t i : group) {
    const Rational& k = sum.terms[i].coefficient;
    all_negative = all_negative && k.sign() < 0;
    all_equal = all_equal && (k == sum.terms[group[0]].coefficient || k == -sum.terms[group[0]].coefficient);
    all_integer = all_integer && k.is_integer();
  }
  if (all_integer)
    for (std::size_t i : group) divisor = gcd(divisor, sum.terms[i].coefficient);
  else if (!all_equal)
    divisor = 1;
  if (divisor.sign() < 0) divisor = -divisor;
  common.coefficient = all_negative ? -divisor : divisor;
  return common;
}

Product divided(const Product& term, const Product& by) {
  Product quotient = term;
  quotient.coefficient = quotient.coefficient / by.coefficient;
  for (const Factor& f : by.factors) quotient.times(f.base, -f.exponent);
  return quotient;
}

}  // namespace

bool factor_out(Context& c, Sum& sum, Type type, Cost& cost) {
  if (sum.terms.size() < 2 || sum.terms.size() > most_terms || type != Type::real) return false;
  double best = 0;
  Sum best_sum;
  std::vector<Expr> tried;
  for (std::size_t first = 0; first < sum.terms.size(); ++first)
    for (const Factor& f : sum.terms[first].factors) {
      if (!worth_a_bracket(c, f.base) || std::ranges::find(tried, f.base) != tried.end()) continue;
      tried.push_back(f.base);
      std::vector<std::size_t> group;
      for (std::size_t i = first; i < sum.terms.size(); ++i)
        if (const Factor* other = find(sum.terms[i], f.base);
            other && other->exponent.sign() == f.exponent.sign())
          group.push_back(i);
      if (group.size() < 2) continue;
      Product common = common_part(sum, group);
      Sum inner;
      double before = 0;
      for (std::size_t i : group) {
        before += cost(to_expr(c, sum.terms[i], type)) + 1;
        inner.terms.push_back(divided(sum.terms[i], common));
      }
      collect(inner);
      Product joined = common;
      if (inner.terms.size() == 1) {  // what is left fell together: (1 - a) + a
        for (const Factor& g : inner.terms[0].factors) joined.times(g.base, g.exponent);
        joined.times(inner.terms[0].coefficient);
      } else {
        const Expr bracket = to_expr(c, inner, type);
        if (bracket->is_constant())
          joined.times(*bracket->value);
        else
          joined.times(bracket, 1);
      }
      const double named_once = names_derivative(c, f.base) ? 0.5 : 0;
      const double saving = before - (cost(to_expr(c, joined, type)) + 1) + named_once;
      if (saving <= best) continue;
      best = saving;
      best_sum = {};
      for (std::size_t i = 0; i < sum.terms.size(); ++i) {
        if (i == group[0])
          best_sum.terms.push_back(joined);
        else if (std::ranges::find(group, i) == group.end())
          best_sum.terms.push_back(sum.terms[i]);
      }
    }
  if (best <= 0) return false;
  sum = std::move(best_sum);
  return true;
}

}  // namespace gradc
