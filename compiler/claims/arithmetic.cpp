// Products, powers and signs in the normal form.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/claims/normal_form.h"
#include "compiler/operators/build.h"
#include "compiler/operators/table.h"

namespace gradc::claims {
namespace {

constexpr std::size_t most_terms = 1'500;
constexpr std::int64_t largest_power = 12;

std::int64_t floor_of(const Rational& r) {
  const auto n = r.numerator().to_int64(), d = r.denominator().to_int64();
  if (!n || !d) throw GaveUp{};
  return *n >= 0 ? *n / *d : -((-*n + *d - 1) / *d);
}

bool is_named(const Operator* op, std::string_view id) { return op && op->id == id; }

}  // namespace

Poly NormalForm::mul(const Poly& a, const Poly& b) {
  step(a.size() * b.size());
  Poly result;
  for (const auto& [f, x] : a.terms())
    for (const auto& [g, y] : b.terms()) result.add(settled(product(f, g)), x * y);
  if (result.size() > most_terms) throw GaveUp{};
  return result;
}

// What factors become that have met: sums are multiplied out, roots of numbers joined, |u|² is u², and an
// indicator is its own square.
Poly NormalForm::settled(Factors factors) {
  step();
  for (const auto& [base, exponent] : factors) {
    const auto known = atoms_.find(base);
    if (known == atoms_.end()) continue;
    const Atom atom = known->second;
    const Factors rest = without(factors, base);
    const Expr b = base;
    const auto split = [&](const Rational& kept) {
      return kept.is_zero() ? rest : product(rest, {{b, kept}});
    };
    if (atom.kind == Kind::sum && Rational(1) <= exponent) {
      const std::int64_t whole = floor_of(exponent);
      if (whole > largest_power) throw GaveUp{};
      Poly result = settled(split(exponent - whole));
      for (std::int64_t k = 0; k < whole; ++k) result = mul(result, atom.arguments[0]);
      return result;
    }
    if (atom.kind == Kind::prime && (Rational(1) <= exponent || exponent.sign() < 0)) {
      const std::int64_t whole = floor_of(exponent);
      const auto number = gradc::power(*base->value, whole);
      if (!number) throw GaveUp{};
      return settled(split(exponent - whole)).times(*number);
    }
    if (atom.kind == Kind::indicator) {
      if (!exponent.is_one()) return settled(split(1));
      // Of two different signs of one sum none holds.
      for (const auto& [other, e] : factors) {
        const auto o = atoms_.find(other);
        if (o == atoms_.end() || o->second.kind != Kind::indicator || other == base) continue;
        if (!atom.arguments.empty() && !o->second.arguments.empty() && atom.arguments == o->second.arguments)
          return Poly();
      }
    }
    if (atom.op == &op_abs && (Rational(2) <= exponent || exponent <= Rational(-2))) {
      const std::int64_t pairs = exponent.sign() > 0 ? floor_of(exponent / 2) : -floor_of(-exponent / 2);
      return mul(settled(split(exponent - 2 * pairs)), power(atom.arguments[0], 2 * pairs));
    }
    if (is_named(atom.op, "cbrt") && Rational(3) <= exponent)
      return mul(settled(split(exponent - 3)), atom.arguments[0]);
  }
  return Poly(1, factors);
}

// A sum as a base of its own: below a fraction, or under a root.
Poly NormalForm::as_base(const Poly& sum, const Rational& exponent) {
  const Expr base = expr(sum);
  atoms_.try_emplace(base, Atom{.kind = Kind::sum, .op = nullptr, .arguments = {sum}, .sign = any});
  return settled({{base, exponent}});
}

// n^q for n > 0, as a number times roots of primes.
Poly NormalForm::number_power(const Rational& number, const Rational& exponent) {
  if (const auto whole = exponent.to_int64()) {
    const auto value = gradc::power(number, *whole);
    if (!value) throw GaveUp{};
    return Poly(*value);
  }
  Poly result(1);
  const auto root = [&](const Rational& n, const Rational& q) {
    auto rest = n.to_int64();
    if (!rest || *rest > 1'000'000'000) throw GaveUp{};
    const auto times_root = [&](std::int64_t prime, const Rational& e) {
      const Expr base = c_.real(prime);
      atoms_.try_emplace(base, Atom{.kind = Kind::prime, .op = nullptr, .arguments = {}, .sign = any});
      result = mul(result, settled({{base, e}}));
    };
    for (std::int64_t p = 2; p * p <= *rest; ++p)
      for (; *rest % p == 0; *rest /= p) times_root(p, q);
    if (*rest > 1) times_root(*rest, q);
  };
  root(number.numerator(), exponent);
  root(number.denominator(), -exponent);
  return result;
}

// What all terms have in common, with their least exponents.
Poly NormalForm::common_factor(const Poly& sum, bool positive_only) const {
  Factors common;
  const auto& terms = sum.terms();
  std::vector<Expr> bases;
  for (const auto& [factors, coefficient] : terms)
    for (const auto& [base, exponent] : factors)
      if (std::ranges::find(bases, base) == bases.end()) bases.push_back(base);
  std::sort(bases.begin(), bases.end());
  for (const Expr base : bases) {
    const auto known = atoms_.find(base);
    if (known != atoms_.end() && known->second.kind == Kind::indicator) continue;
    const bool is_exponential = base->is(op_exp);
    if (positive_only && !is_exponential) continue;
    Rational least = exponent_of(terms.begin()->first, base);
    for (const auto& [factors, coefficient] : terms) least = std::min(least, exponent_of(factors, base));
    if (!least.is_zero()) common.emplace_back(base, least);
  }
  return Poly(1, common);
}

Poly NormalForm::power(const Poly& base, const Rational& q) {
  step();
  if (q.is_zero()) return Poly(1);
  if (q.is_one()) return base;
  const auto whole = q.to_int64();
  if (whole && *whole > 0) {
    if (*whole > largest_power && base.size() > 1) throw GaveUp{};
    if (base.size() > 1) {
      Poly result(1);
      for (std::int64_t k = 0; k < *whole; ++k) result = mul(result, base);
      return result;
    }
  }
  if (base.is_zero()) {
    if (q.sign() > 0) return Poly();
    throw GaveUp{};  // 1/0: it has no value
  }
  if (base.size() > 1) {
    const Poly common = common_factor(base, !whole);
    Factors inverse = common.terms().begin()->first;
    for (auto& [b, exponent] : inverse) exponent = -exponent;
    const Poly rest = mul(base, Poly(1, inverse));
    Rational lead = rest.leading();
    if (!whole && lead.sign() < 0) lead = -lead;
    Poly result = as_base(rest.times(Rational(1) / lead), q);
    result = mul(result, number_power(lead, q));
    return inverse.empty() ? result : mul(result, power(common, q));
  }
  const auto& [factors, coefficient] = *base.terms().begin();
  // An indicator selects: below a fraction or under a root it would not.
  for (const auto& [b, exponent] : factors)
    if (const auto known = atoms_.find(b);
        known != atoms_.end() && known->second.kind == Kind::indicator && !(whole && *whole > 0))
      throw GaveUp{};
  if (whole) {
    Factors raised = factors;
    for (auto& [b, exponent] : raised) exponent = exponent * q;
    return mul(settled(raised), number_power(coefficient, q));
  }
  // Under a root: what is positive comes out; what is nowhere negative, or squared, only if nothing else is
  // left, for √(0·x) has a value where √x has none.
  Poly result = number_power(coefficient.sign() < 0 ? -coefficient : coefficient, q);
  Factors nowhere_negative, left;
  for (const auto& [b, exponent] : factors) {
    const Signs s = base_signs(b);
    const auto n = exponent.to_int64();
    if (within(s, positive))
      result = mul(result, settled({{b, exponent * q}}));
    else if (within(s, zero | positive) || (n && *n % 2 == 0))
      nowhere_negative.emplace_back(b, exponent);
    else
      left.emplace_back(b, exponent);
  }
  if (left.empty() && coefficient.sign() > 0) {
    for (const auto& [b, exponent] : nowhere_negative)
      result = mul(result, within(base_signs(b), zero | positive)
                               ? settled({{b, exponent * q}})
                               : power(absolute(Poly(1, {{b, 1}})), exponent * q));
    return result;
  }
  // If x³ is not negative, x is not, either.
  if (left.size() == 1 && nowhere_negative.empty() && coefficient.sign() > 0)
    return mul(result, settled({{left[0].first, left[0].second * q}}));
  return mul(result, as_base(Poly(coefficient.sign() < 0 ? -1 : 1, product(left, nowhere_negative)), q));
}

// ---- signs

// A computed size may be 0.
bool NormalForm::has_positions(DimId dim) const {
  const Dim& d = c_.dim(dim);
  return d.kind == Dim::Kind::run_time || (d.size && d.size->is_constant() && d.size->value->sign() > 0);
}

Signs NormalForm::base_signs(Expr base) {
  Signs known = known_signs(facts_, Poly(1, {{base, 1}}));
  if (base->is(op_exp) || base->is(op_pi)) return known & positive;
  if (base->kind == ExprKind::size) return known & (has_positions(base->dim) ? positive : zero | positive);
  // A range without a dim may begin below 0.
  if (base->kind == ExprKind::position) return base->index.dim.valid() ? known & (zero | positive) : known;
  if (base->kind == ExprKind::access && c_.tensor(base->tensor).member_of.valid())
    return known & (zero | positive);
  const auto found = atoms_.find(base);
  if (found == atoms_.end()) return known;
  const Atom a = found->second;
  if (a.kind == Kind::prime) return positive;
  if (a.kind == Kind::indicator || a.op == &op_abs) return known & (zero | positive);
  if (a.kind == Kind::sum) return known & signs(a.arguments[0]);
  if (a.kind == Kind::reduction) {
    Opened sum = open(base);
    const Signs body = signs(of(sum.body));
    const bool has_terms =
        sum.guard->is_constant(1) && std::ranges::all_of(sum.binders, [&](const Binder& b) {
          return is_whole_dim(b) && has_positions(b.index.dim);
        });
    if (within(body, positive) && has_terms) return known & positive;
    if (within(body, zero | positive)) return known & (zero | positive);
  }
  return known;
}

Signs NormalForm::signs(const Factors& factors) {
  Signs result = positive;
  for (const auto& [base, exponent] : factors) {
    Signs s = base_signs(base);
    const auto whole = exponent.to_int64();
    if (!whole)
      s = s & (zero | positive);
    else if (*whole % 2 == 0)
      s = (s & zero) | ((s & (negative | positive)) ? positive : none);
    if (exponent.sign() < 0) s = s & (negative | positive);
    result = times(result, s);
  }
  return result;
}

Signs NormalForm::signs(const Poly& poly) {
  if (poly.is_zero()) return zero;
  step();
  Signs sum = none;
  for (const auto& [factors, coefficient] : poly.terms()) {
    Signs s = signs(factors);
    if (coefficient.sign() < 0) s = opposite(s);
    sum = sum == none ? s : plus(sum, s);
  }
  return sum & known_signs(facts_, poly);
}

}  // namespace gradc::claims
