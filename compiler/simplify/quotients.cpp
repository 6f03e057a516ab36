// The second derivative of log(x⁴⁰) has x⁷⁸/p², p = x⁴⁰. At x = 10⁻⁵ both squares are too small for a number
// and the quotient is 10¹⁰; as (x³⁹/p)² nothing leaves the range. So powers above are divided before they are
// raised. A single factor is not: where it is 0, what it multiplies may be infinite then.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/simplify/quotients.h"

#include <algorithm>

#include "compiler/operators/build.h"
#include "compiler/simplify/polynomial.h"

namespace gradc {
namespace {

constexpr std::int64_t most_divisions = 4;

// Products and powers on either side of the bar are opened; quotients inside stay, as they were made so.
Product above_and_below(Expr e) {
  Product product;
  const auto leaves = product_leaves(e, product.coefficient,
                                     [](Expr inner) { return is_product(inner) && !inner->is(op_div); });
  for (const ProductLeaf& leaf : leaves) product.times(leaf.e, leaf.exponent);
  return product;
}

class Quotient {
 public:
  Quotient(Context& c, Product& left) : c_(c), left_(left) {}

  // Powers above meet the factors of bᵏ; what of bᵏ finds no partner is divided by in the end.
  void divide_by(Expr b, std::int64_t k) {
    if (const Expr root = root_of_what_is_above(k)) {
      quotients_.times(root / b, k);
      return;
    }
    while (k > 0) {
      const auto most = std::ranges::max_element(left_.factors, {}, times_it_fits);
      if (most == left_.factors.end() || times_it_fits(*most) < 2) break;
      const std::int64_t n = std::min(times_it_fits(*most), k);
      const Expr above = most->base;
      quotients_.times(above / b, n);
      left_.times(above, -n);
      k -= n;
    }
    if (k > 0) divisors_.push_back({b, k});
  }

  Expr whole() {
    for (const Factor& f : quotients_.factors) left_.times(f.base, f.exponent);
    Expr e = to_expr(c_, left_, Type::real);
    for (const Factor& f : divisors_) {
      const std::int64_t k = *f.exponent.to_int64();
      if (k > most_divisions)
        e = e / pow(f.base, f.exponent);
      else
        for (std::int64_t n = 0; n < k; ++n) e = e / f.base;
    }
    return e;
  }

 private:
  // How often the factor can be taken out of a power.
  static std::int64_t times_it_fits(const Factor& f) {
    if (f.exponent.sign() <= 0) return 0;
    return f.exponent.to_int64().value_or(0);
  }
  // aᵏ of aⁿ·bᵐ·…, taken out; null if no exponent is that great.
  Expr root_of_what_is_above(std::int64_t k) {
    Product root;
    for (const Factor& f : left_.factors)
      if (times_it_fits(f) >= k) root.times(f.base, times_it_fits(f) / k);
    if (root.factors.empty()) return Expr();
    for (const Factor& f : root.factors) left_.times(f.base, f.exponent * Rational(-k));
    return to_expr(c_, root, Type::real);
  }

  Context& c_;
  Product& left_;                 // coefficient, and what is not yet divided
  Product quotients_;             // (a/b)ⁿ
  std::vector<Factor> divisors_;  // bᵏ without a partner
};

}  // namespace

Rewritten rewrite_quotient(Expr e) {
  if (e->type != Type::real || !e->is(op_div)) return {};
  Product product = above_and_below(e);
  std::vector<Factor> below;
  for (const Factor& f : product.factors)
    if (const auto k = f.exponent.to_int64(); k && *k <= -2) below.push_back({f.base, Rational(-*k)});
  if (below.empty()) return {};
  for (const Factor& f : below) product.times(f.base, f.exponent);
  Quotient quotient(*e->context, product);
  for (const Factor& f : below) quotient.divide_by(f.base, *f.exponent.to_int64());
  const Expr whole = quotient.whole();
  if (whole == e) return {};
  return {whole, "quotient-of-powers"};
}

}  // namespace gradc
