// Sums of products with exact coefficients, in one order: two sums are equal as formulas if and only if they
// are the same sum. Exponents are rational; what a base with a broken exponent means is the caller's concern.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "compiler/equations/context.h"

namespace gradc::claims {

// Π base^exponent, by age of the base, each once and none with exponent 0.
using Factors = std::vector<std::pair<Expr, Rational>>;
Factors product(const Factors& a, const Factors& b);
Rational exponent_of(const Factors& factors, Expr base);
Factors without(const Factors& factors, Expr base);

class Poly {
 public:
  Poly() = default;
  Poly(const Rational& number) { add(Factors(), number); }  // NOLINT: implicit on purpose
  Poly(const Rational& coefficient, const Factors& factors) { add(factors, coefficient); }

  void add(const Factors& factors, const Rational& coefficient);
  void add(const Poly& other, const Rational& times);

  const std::map<Factors, Rational>& terms() const { return terms_; }
  std::size_t size() const { return terms_.size(); }
  bool is_zero() const { return terms_.empty(); }
  bool is_constant() const { return terms_.empty() || (terms_.size() == 1 && terms_.begin()->first.empty()); }
  Rational constant() const;  // the term without factors
  // Of the first term that has factors, or else of the constant.
  Rational leading() const;
  Poly times(const Rational& number) const;

  friend Poly operator+(const Poly& a, const Poly& b);
  friend Poly operator-(const Poly& a, const Poly& b);
  friend bool operator==(const Poly&, const Poly&) = default;

 private:
  std::map<Factors, Rational> terms_;
};

// As an expression; terms stand in the order of the sum.
Expr to_expr(Context& c, const Poly& poly, Type type);
Expr to_expr(Context& c, const Factors& factors, Type type);

}  // namespace gradc::claims
