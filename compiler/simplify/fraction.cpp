// Fractions over a common denominator, where that is shorter: 1 - x/(1 + x) = 1/(1 + x).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/simplify/polynomial.h"

namespace gradc {
namespace {

constexpr std::size_t most_terms = 8;      // of the sum, and of a bracket that is multiplied out
constexpr std::size_t most_products = 64;  // of what is multiplied out
constexpr std::int64_t most_power = 4;

// The product as a sum, brackets multiplied out; none if it grows too long.
bool multiply_out(const Product& product, Sum& result) {
  Sum sum;
  sum.terms.push_back({product.coefficient, {}});
  for (const Factor& f : product.factors) {
    const auto n = f.exponent.to_int64();
    if (!is_sum(f.base) || !n || *n < 1 || *n > most_power) {
      for (Product& term : sum.terms) term.times(f.base, f.exponent);
      continue;
    }
    const Sum bracket = as_sum(f.base);
    if (bracket.terms.size() > most_terms) return false;
    for (std::int64_t k = 0; k < *n; ++k) {
      Sum next;
      for (const Product& a : sum.terms)
        for (const Product& b : bracket.terms) {
          Product term = a;
          term.times(b.coefficient);
          for (const Factor& g : b.factors) term.times(g.base, g.exponent);
          next.terms.push_back(std::move(term));
        }
      if (next.terms.size() > most_products) return false;
      sum = std::move(next);
    }
  }
  result.terms.insert(result.terms.end(), sum.terms.begin(), sum.terms.end());
  return result.terms.size() <= most_products;
}

double cost_of(Context& c, const Sum& sum, Type type, Cost& cost) { return cost(to_expr(c, sum, type)); }

}  // namespace

bool multiply_out(Context& c, Sum& sum, Type type, Cost& cost) {
  if (type != Type::real || sum.terms.size() > most_terms) return false;
  Sum expanded;
  for (const Product& term : sum.terms)
    if (!multiply_out(term, expanded)) return false;
  if (expanded.terms.size() == sum.terms.size()) return false;
  collect(expanded);
  if (cost_of(c, expanded, type, cost) >= cost_of(c, sum, type, cost)) return false;
  sum = std::move(expanded);
  return true;
}

bool common_denominator(Context& c, Sum& sum, Type type, Cost& cost) {
  if (type != Type::real || sum.terms.size() < 2 || sum.terms.size() > most_terms) return false;
  Product denominator;  // with the greatest exponents met
  for (const Product& term : sum.terms)
    for (const Factor& f : term.factors) {
      if (f.exponent.sign() > 0) continue;
      auto known = std::ranges::find(denominator.factors, f.base, &Factor::base);
      if (known == denominator.factors.end())
        denominator.factors.push_back({f.base, -f.exponent});
      else
        known->exponent = std::max(known->exponent, -f.exponent);
    }
  if (denominator.factors.empty()) return false;
  Sum numerator;
  for (const Product& term : sum.terms) {
    Product scaled = term;
    for (const Factor& f : denominator.factors) scaled.times(f.base, f.exponent);
    if (!multiply_out(scaled, numerator)) return false;
  }
  collect(numerator);
  Product fraction;
  if (numerator.terms.size() == 1) {
    fraction = numerator.terms[0];
  } else {
    const Expr above = to_expr(c, numerator, type);
    if (above->is_constant())
      fraction.times(*above->value);
    else
      fraction.times(above, 1);
  }
  for (const Factor& f : denominator.factors) fraction.times(f.base, -f.exponent);
  if (cost(to_expr(c, fraction, type)) >= cost_of(c, sum, type, cost)) return false;
  sum.terms = {std::move(fraction)};
  return true;
}

}  // namespace gradc
