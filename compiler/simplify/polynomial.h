// Sums of products as people see them: a coefficient, factors with exponents, terms in the order of reading.
// The same forms serve integers (subscripts), where every law of algebra is exact.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <functional>
#include <vector>

#include "compiler/equations/context.h"
#include "compiler/simplify/cost.h"

namespace gradc {

struct Factor {
  Expr base;
  Rational exponent = 1;
};

// coefficient · Π base^exponent, each base once.
struct Product {
  Rational coefficient = 1;
  std::vector<Factor> factors;

  void times(const Rational& number) { coefficient = coefficient * number; }
  void times(Expr base, const Rational& exponent);  // joins with the factor of the same base
  bool is_number() const { return factors.empty() || coefficient.is_zero(); }
};

struct Sum {
  std::vector<Product> terms;
};

bool is_sum(Expr e);      // a + b, a - b
bool is_product(Expr e);  // a·b, a/b, -a, a^n with a constant n

// The parts of a product and of a sum. `descend` says whether to look into an inner product (sum); what is
// not looked into is a leaf.
struct ProductLeaf {
  Expr e;
  Rational exponent;
};
struct SumLeaf {
  Expr e;
  bool negative;
};
using Descend = std::function<bool(Expr)>;
std::vector<ProductLeaf> product_leaves(Expr e, Rational& coefficient, const Descend& descend);
std::vector<SumLeaf> sum_leaves(Expr e, const Descend& descend);

// Everything below, products of products too.
Product as_product(Expr e);
Sum as_sum(Expr e);

// Like terms joined and in the order of reading: by falling degree, then as they came; a positive one first.
void collect(Sum& sum);
bool same_factors(const Product& a, const Product& b);

Expr to_expr(Context& context, const Product& product, Type type);
Expr to_expr(Context& context, const Sum& sum, Type type);

// a·u + b·u = (a + b)·u where it makes the sum cheaper to read; see factor_out.cpp.
bool factor_out(Context& context, Sum& sum, Type type, Cost& cost);
// Brackets multiplied out, or all terms over one denominator, where terms fall together; see fraction.cpp.
bool multiply_out(Context& context, Sum& sum, Type type, Cost& cost);
bool common_denominator(Context& context, Sum& sum, Type type, Cost& cost);

}  // namespace gradc
