// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/claims/poly.h"

#include <algorithm>

#include "compiler/operators/build.h"

namespace gradc::claims {

Factors product(const Factors& a, const Factors& b) {
  Factors result;
  auto x = a.begin();
  auto y = b.begin();
  while (x != a.end() || y != b.end()) {
    if (y == b.end() || (x != a.end() && x->first < y->first)) {
      result.push_back(*x++);
    } else if (x == a.end() || y->first < x->first) {
      result.push_back(*y++);
    } else {
      const Rational sum = x->second + y->second;
      if (!sum.is_zero()) result.emplace_back(x->first, sum);
      ++x, ++y;
    }
  }
  return result;
}

Rational exponent_of(const Factors& factors, Expr base) {
  for (const auto& [b, exponent] : factors)
    if (b == base) return exponent;
  return 0;
}

Factors without(const Factors& factors, Expr base) {
  Factors result = factors;
  std::erase_if(result, [&](const auto& f) { return f.first == base; });
  return result;
}

void Poly::add(const Factors& factors, const Rational& coefficient) {
  if (coefficient.is_zero()) return;
  const auto [entry, is_new] = terms_.try_emplace(factors, coefficient);
  if (is_new) return;
  entry->second = entry->second + coefficient;
  if (entry->second.is_zero()) terms_.erase(entry);
}

void Poly::add(const Poly& other, const Rational& times) {
  for (const auto& [factors, coefficient] : other.terms_) add(factors, coefficient * times);
}

Rational Poly::constant() const {
  const auto found = terms_.find({});
  return found == terms_.end() ? Rational(0) : found->second;
}

Rational Poly::leading() const {
  for (const auto& [factors, coefficient] : terms_)
    if (!factors.empty()) return coefficient;
  return constant();
}

Poly Poly::times(const Rational& number) const {
  Poly result;
  result.add(*this, number);
  return result;
}

Poly operator+(const Poly& a, const Poly& b) {
  Poly result = a;
  result.add(b, 1);
  return result;
}

Poly operator-(const Poly& a, const Poly& b) {
  Poly result = a;
  result.add(b, -1);
  return result;
}

Expr to_expr(Context& c, const Factors& factors, Type type) {
  Expr result;
  for (const auto& [base, exponent] : factors) {
    Expr factor = base;
    if (type == Type::real && factor->type == Type::integer) factor = to_real(factor);
    if (type == Type::integer) {
      for (std::int64_t k = 1; k < exponent.to_int64().value_or(1); ++k) factor = factor * base;
    } else if (!exponent.is_one()) {
      factor = pow(factor, c.real(exponent));
    }
    result = result ? result * factor : factor;
  }
  return result ? result : c.constant(1, type);
}

Expr to_expr(Context& c, const Poly& poly, Type type) {
  Expr sum;
  for (const auto& [factors, coefficient] : poly.terms()) {
    Expr term = c.constant(coefficient, type);
    if (!factors.empty())
      term = coefficient.is_one() ? to_expr(c, factors, type) : term * to_expr(c, factors, type);
    sum = sum ? sum + term : term;
  }
  return sum ? sum : c.constant(0, type);
}

}  // namespace gradc::claims
