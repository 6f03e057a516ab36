// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/simplify/polynomial.h"

#include <algorithm>
#include <map>

#include "compiler/operators/build.h"

namespace gradc {

void Product::times(Expr base, const Rational& exponent) {
  for (auto f = factors.begin(); f != factors.end(); ++f)
    if (f->base == base) {
      f->exponent = f->exponent + exponent;
      if (f->exponent.is_zero()) factors.erase(f);
      return;
    }
  factors.push_back({base, exponent});
}

bool is_sum(Expr e) { return e->is(op_add) || e->is(op_sub); }
bool is_product(Expr e) {
  return e->is(op_mul) || e->is(op_div) || e->is(op_neg) || (e->is(op_pow) && e->operands[1]->is_constant());
}

std::vector<ProductLeaf> product_leaves(Expr root, Rational& coefficient, const Descend& descend) {
  std::vector<ProductLeaf> leaves, stack{{root, 1}};
  while (!stack.empty()) {
    auto [e, exponent] = stack.back();
    stack.pop_back();
    const std::optional<std::int64_t> whole = exponent.to_int64();
    if (e->is_constant() && whole)
      if (const auto number = power(*e->value, *whole); number && number->to_string().size() <= 400) {
        coefficient = coefficient * *number;
        continue;
      }
    // (a·b)^n = aⁿ·bⁿ and (a^m)^n = a^(m·n) for integers n only: ((-1)²)^(1/2) is 1.
    if (!is_product(e) || !whole || (e != root && !descend(e))) {
      leaves.push_back({e, exponent});
      continue;
    }
    if (e->is(op_neg)) {
      if (*whole % 2 != 0) coefficient = -coefficient;
      stack.push_back({e->operands[0], exponent});
    } else if (e->is(op_pow)) {
      const Expr base = e->operands[0];
      stack.push_back({base, exponent * *e->operands[1]->value});
    } else {
      stack.push_back({e->operands[1], e->is(op_div) ? -exponent : exponent});
      stack.push_back({e->operands[0], exponent});
    }
  }
  return leaves;
}

std::vector<SumLeaf> sum_leaves(Expr root, const Descend& descend) {
  std::vector<SumLeaf> leaves, stack{{root, false}};
  while (!stack.empty()) {
    auto [e, negative] = stack.back();
    stack.pop_back();
    if (is_sum(e) && (e == root || descend(e))) {
      stack.push_back({e->operands[1], negative != e->is(op_sub)});
      stack.push_back({e->operands[0], negative});
    } else if (e->is(op_neg)) {
      stack.push_back({e->operands[0], !negative});
    } else {
      leaves.push_back({e, negative});
    }
  }
  return leaves;
}

Product as_product(Expr e) {
  Product product;
  for (const ProductLeaf& leaf : product_leaves(e, product.coefficient, [](Expr) { return true; }))
    product.times(leaf.e, leaf.exponent);
  return product;
}

Sum as_sum(Expr e) {
  Sum sum;
  for (const SumLeaf& leaf : sum_leaves(e, [](Expr) { return true; })) {
    Product term = as_product(leaf.e);
    if (leaf.negative) term.coefficient = -term.coefficient;
    sum.terms.push_back(std::move(term));
  }
  return sum;
}

namespace {

using Key = std::vector<std::pair<std::int32_t, Rational>>;
Key key_of(const Product& term) {
  Key key;
  for (const Factor& f : term.factors) key.emplace_back(f.base->id, f.exponent);
  std::ranges::sort(key);
  return key;
}

// x³ before x before 1; a function counts as its argument's whole, so only its exponent counts.
Rational degree_of(const Product& term) {
  Rational degree;
  for (const Factor& f : term.factors) degree = degree + f.exponent;
  return degree;
}

Expr multiply(Expr product, Expr factor) { return product ? product * factor : factor; }

Expr raised(Context& c, const Factor& f) {
  if (f.exponent.is_one()) return f.base;
  if (f.base->type == Type::real) return pow(f.base, c.real(f.exponent));
  Expr product;  // integers have no powers of their own here
  for (std::int64_t k = 0; k < f.exponent.to_int64().value_or(0); ++k) product = multiply(product, f.base);
  return product;
}

Expr negated_sum(Context& c, Expr sum, Type type) {
  Sum s = as_sum(sum);
  for (Product& term : s.terms) term.coefficient = -term.coefficient;
  collect(s);
  return to_expr(c, s, type);
}

}  // namespace

bool same_factors(const Product& a, const Product& b) { return key_of(a) == key_of(b); }

void collect(Sum& sum) {
  std::vector<Product> terms;
  std::map<Key, std::size_t> place;
  for (Product& term : sum.terms) {
    if (term.coefficient.is_zero()) continue;
    const auto [entry, inserted] = place.emplace(key_of(term), terms.size());
    if (inserted)
      terms.push_back(std::move(term));
    else
      terms[entry->second].coefficient = terms[entry->second].coefficient + term.coefficient;
  }
  std::erase_if(terms, [](const Product& term) { return term.coefficient.is_zero(); });
  std::ranges::stable_sort(terms,
                           [](const Product& a, const Product& b) { return degree_of(b) < degree_of(a); });
  const auto first =
      std::ranges::find_if(terms, [](const Product& term) { return term.coefficient.sign() > 0; });
  if (first != terms.end()) std::rotate(terms.begin(), first, first + 1);
  sum.terms = std::move(terms);
}

Expr to_expr(Context& c, const Product& product, Type type) {
  const Rational& k = product.coefficient;
  if (k.is_zero()) return c.constant(0, type);
  Expr above, below;
  std::size_t factors_above = 0;
  for (const Factor& f : product.factors)
    if (f.exponent.sign() > 0) ++factors_above;
  const bool fraction = factors_above < product.factors.size();
  const Rational size = k.sign() < 0 ? -k : k;
  // A whole fraction bears its sign in front and its number's denominator below; without one, the number is a
  // factor.
  const Rational number = fraction ? size.numerator() : k;
  const bool minus_one = !fraction && k == Rational(-1) && factors_above > 0;
  if (!number.is_one() && !minus_one) above = c.constant(number, type);
  if (fraction && !size.is_integer()) below = c.constant(size.denominator(), type);
  if (minus_one && factors_above == 1)
    for (const Factor& f : product.factors)
      if (f.exponent.is_one() && is_sum(f.base)) return negated_sum(c, f.base, type);
  for (const Factor& f : product.factors) {
    if (f.exponent.sign() > 0)
      above = multiply(above, raised(c, f));
    else
      below = multiply(below, raised(c, {f.base, -f.exponent}));
  }
  if (!above) above = c.constant(1, type);
  if (minus_one) return -above;
  if (!below) return above;
  return k.sign() < 0 ? -(above / below) : above / below;
}

Expr to_expr(Context& c, const Sum& sum, Type type) {
  Expr total;
  for (const Product& term : sum.terms) {
    if (!total) {
      total = to_expr(c, term, type);
      continue;
    }
    Product positive = term;
    if (term.coefficient.sign() < 0) positive.coefficient = -positive.coefficient;
    const Expr e = to_expr(c, positive, type);
    total = term.coefficient.sign() < 0 ? total - e : total + e;
  }
  return total ? total : c.constant(0, type);
}

}  // namespace gradc
