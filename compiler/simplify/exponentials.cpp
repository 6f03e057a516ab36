// Blanchard, Higham, Higham, "Accurately computing the log-sum-exp and softmax functions", IMA J. Numer.
// Anal. 41 (2021): e^a/Σe^b is to be computed as e^(a - log Σ e^b), whose parts do not overflow. With two
// terms, 1 + e^v, that is the logistic function. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/simplify/exponentials.h"

#include <algorithm>

#include "compiler/operators/build.h"
#include "compiler/operators/table.h"
#include "compiler/simplify/polynomial.h"

namespace gradc {

extern const Operator op_exp_difference, op_expm1, op_softplus;

namespace {

// Of a sum of exponentials that is written out: what it becomes is long. More are a sum over an index.
constexpr std::size_t most_terms = 4;
// Of what is divided by it: of sums in choices in sums.
constexpr std::size_t most_parts = 32;
constexpr int deepest = 6;

class Exponentials {
 public:
  Exponentials(Context& c, LookThrough see, const void* state) : c_(c), see_(see), state_(state) {}

  Rewritten logarithm(Expr e) const {
    const Expr of = behind(e->operands[0]);
    if (const Expr whole = log_sum_exp(of)) return {whole, "log-of-sum-of-exponentials"};
    if (const Expr v = exponent_of_softmax(of)) return {v, "log-of-softmax"};
    if (const Expr whole = log_of_scaled(of)) return {whole, "log-of-sum-of-exponentials"};
    return {};
  }

  Rewritten product(Expr e) const {
    Product p = as_product(e);
    if (divides_sigmoid_by_itself(e)) return {to_expr(c_, p, Type::real), "name-that-cancels"};
    bool changed = false;
    std::string_view rule;
    for (std::size_t k = 0; k < p.factors.size(); ++k) {
      const Factor f = p.factors[k];
      const auto n = f.exponent.to_int64();
      if (f.base->kind == ExprKind::access && f.exponent.is_one()) {
        // A derivative that was given a name, which overflows, only for the overflow to cancel here.
        const Expr formula = behind(f.base);
        if (formula == f.base || !is_product(formula) || !cancels(as_product(formula), p, k)) continue;
        p.factors.erase(p.factors.begin() + static_cast<std::ptrdiff_t>(k));
        const Product inner = as_product(formula);
        p.times(inner.coefficient);
        for (const Factor& g : inner.factors) p.times(g.base, g.exponent);
        return {to_expr(c_, p, Type::real), "name-that-cancels"};
      }
      if (f.base->is(op_sigmoid) && f.exponent.is_one()) {  // e^v·σ(-v) = σ(v)
        const Expr v = minus(f.base->operands[0]);
        for (const Factor& g : p.factors)
          if (g.exponent.is_one() && exponent_of(g.base) == v) {
            const Expr exponential = g.base;
            p.times(exponential, Rational(-1));
            p.times(f.base, Rational(-1));
            p.times(sigmoid(v), Rational(1));
            return {to_expr(c_, p, Type::real), "logistic-function"};
          }
      }
      if (f.base->is(op_expm1) && f.exponent.is_one()) {  // (e^v - 1)·σ(-v) = tanh(v/2)
        const Expr v = f.base->operands[0], partner = sigmoid(minus(v));
        for (const Factor& g : p.factors)
          if (g.base == partner && n && g.exponent.is_integer() && g.exponent.sign() > 0) {
            p.times(f.base, Rational(-1));
            p.times(partner, Rational(-1));
            p.times(tanh(Rational(1, 2) * v), Rational(1));
            return {to_expr(c_, p, Type::real), "exponential-less-one"};
          }
      }
      if (!n || *n >= 0) continue;
      if (const Expr v = one_plus_exp(f.base)) {  // e^v/(1 + e^v) = σ(v), 1/(1 + e^v) = σ(-v)
        p.factors.erase(p.factors.begin() + static_cast<std::ptrdiff_t>(k));
        std::int64_t left = -*n;
        for (std::size_t i = 0; i < p.factors.size(); ++i) {
          const auto m = p.factors[i].exponent.to_int64();
          if (exponent_of(p.factors[i].base) != v || !m || *m <= 0) continue;
          const std::int64_t pairs = std::min(*m, left);
          p.times(p.factors[i].base, Rational(-pairs));
          p.times(sigmoid(v), Rational(pairs));
          left -= pairs;
          break;
        }
        if (left > 0) p.times(sigmoid(minus(v)), Rational(left));
        changed = true;
        rule = "logistic-function";
        break;
      }
      if (const Expr total = log_sum_exp(behind(f.base))) {  // e^a/Σe^b = e^(a - log Σ e^b)
        if (is_sum(behind(f.base)))
          if (const Expr share = share_of(p, f, total)) return {share, "softmax"};
        for (std::size_t i = 0; i < p.factors.size(); ++i) {
          const Expr a = exponent_of(p.factors[i].base);
          if (!a || p.factors[i].exponent.sign() <= 0 || !p.factors[i].exponent.is_integer()) continue;
          const Expr exponential = p.factors[i].base;
          p.times(exponential, Rational(-1));
          p.times(f.base, Rational(1));
          p.times(c_.apply(op_exp_difference, {a, total}), Rational(1));
          changed = true;
          rule = "softmax";
          break;
        }
        if (changed) break;
      }
    }
    if (!changed) return {};
    return {to_expr(c_, p, Type::real), rule};
  }

 private:
  Expr behind(Expr e) const {
    if (e->kind == ExprKind::access && see_)
      if (const Expr formula = see_(state_, e)) return formula;
    return e;
  }
  // v of e^v; null if it is something else.
  Expr exponent_of(Expr e) const {
    const Expr formula = behind(e);
    return formula->is(op_exp) ? formula->operands[0] : Expr();
  }
  Expr minus(Expr v) const { return v->is(op_neg) ? v->operands[0] : -v; }
  // v of 1 + e^v
  Expr one_plus_exp(Expr e) const {
    const Expr formula = behind(e);
    if (!formula->is(op_add)) return Expr();
    for (int k : {0, 1})
      if (formula->operands[k]->is_constant(1)) return exponent_of(formula->operands[1 - k]);
    return Expr();
  }
  // log Σ e^b of Σ e^b
  Expr log_sum_exp(Expr e) const {
    if (is_sum(e) && !one_plus_exp(e)) return log_of_terms(e);
    if (!e->is(reduce_sum)) return Expr();
    OpenedReduction terms = open(e);
    terms.body = exponent_of(terms.body);
    if (!terms.body) return Expr();
    terms.op = &reduce_logsumexp;
    return close(c_, terms);
  }
  // a + log c of c·e^a with c > 0, and log c of c
  Expr logarithm_of_term(const Product& p) const {
    if (p.coefficient.sign() <= 0 || p.factors.size() > 1) return Expr();
    const Expr scale =
        p.coefficient.is_one() ? c_.constant(0, Type::real) : log(c_.constant(p.coefficient, Type::real));
    if (p.factors.empty()) return scale;
    const Factor& f = p.factors[0];
    const Expr a = exponent_of(f.base);
    if (!a || !f.exponent.is_integer() || f.exponent.sign() <= 0) return Expr();
    const Expr whole = f.exponent.is_one() ? a : f.exponent * a;
    return p.coefficient.is_one() ? whole : whole + scale;
  }
  // Of a sum that is written out, two at a time: max(a, b) + log(1 + e^-|a - b|). Equal ones may be infinite.
  Expr log_of_terms(Expr e) const {
    Expr result;
    bool has_exponential = false;
    const Sum sum = as_sum(e);
    if (sum.terms.size() > most_terms) return Expr();
    for (const Product& term : sum.terms) {
      const Expr a = logarithm_of_term(term);
      if (!a) return Expr();
      has_exponential = has_exponential || !term.factors.empty();
      result = !result
                   ? a
                   : choose(equal(result, a), a + log(c_.constant(2, Type::real)),
                            choose(less(result, a), a, result) + c_.apply(op_softplus, {-abs(result - a)}));
    }
    return has_exponential ? result : Expr();
  }
  // f/(Σe^w)^n, where that is written out: the exponentials above, as e^(u + v - n·log Σe^w), and sums of and
  // choices between some, by one of the divisors each. Null if there are none.
  Expr share_of(Product p, const Factor& divisor, Expr total) const {
    Rational left = -divisor.exponent;
    Expr above;
    std::vector<Factor> exponentials;
    for (const Factor& f : std::vector(p.factors)) {
      if (!f.exponent.is_integer() || f.exponent.sign() <= 0) continue;
      if (const Expr a = exponent_of(f.base)) {
        const Expr term = f.exponent.is_one() ? a : f.exponent * a;
        above = above ? above + term : term;
        exponentials.push_back(f);
      } else if (const Expr part = left.sign() > 0 ? divided(f.base, total, deepest) : Expr()) {
        p.times(f.base, Rational(-1));
        p.times(part, Rational(1));
        p.times(divisor.base, Rational(1));
        left = left - Rational(1);
      }
    }
    if (above && left.sign() > 0) {
      for (const Factor& f : exponentials) p.times(f.base, -f.exponent);
      p.times(c_.apply(op_exp_difference, {above, left.is_one() ? total : left * total}), Rational(1));
      p.times(divisor.base, left);
    } else if (left == -divisor.exponent) {
      return Expr();
    }
    return to_expr(c_, p, Type::real);
  }
  // e/Σe^w for a sum of terms with exponentials, or a choice between such and 0.
  Expr divided(Expr e, Expr total, int depth) const {
    if (depth == 0) return Expr();
    if (const Expr a = exponent_of(e)) return c_.apply(op_exp_difference, {a, total});
    const auto inside = [&](Expr side) {
      return side->is_constant(0) ? side : divided(side, total, depth - 1);
    };
    if (e->kind == ExprKind::choose) {
      const Expr yes = inside(e->on_true()), no = yes ? inside(e->on_false()) : Expr();
      return no ? choose(e->condition(), yes, no) : Expr();
    }
    if (!is_sum(e) && !is_product(e)) return Expr();
    Sum sum = as_sum(e);
    if (sum.terms.size() > most_parts) return Expr();
    for (Product& term : sum.terms) {
      Expr part;
      for (std::size_t k = 0; k < term.factors.size() && !part; ++k) {
        if (!term.factors[k].exponent.is_integer() || term.factors[k].exponent.sign() <= 0) continue;
        const Expr base = term.factors[k].base;
        part = divided(base, total, depth - 1);
        if (part) term.times(base, Rational(-1));
      }
      if (!part) return Expr();
      term.times(part, Rational(1));
    }
    return to_expr(c_, sum, Type::real);
  }
  // of c·Σe^b
  Expr log_of_scaled(Expr e) const {
    const Product p = as_product(e);
    if (p.coefficient.sign() <= 0 || p.factors.size() != 1 || !p.factors[0].exponent.is_one()) return Expr();
    const Expr whole = log_sum_exp(behind(p.factors[0].base));
    return whole ? whole + log(c_.constant(p.coefficient, Type::real)) : Expr();
  }
  // a - log Σ e^b of e^(a - log Σ e^b)
  Expr exponent_of_softmax(Expr e) const {
    if (!e->is(op_exp_difference) && !(e->is(op_exp) && e->operands[0]->is(op_sub))) return Expr();
    const std::span<const Expr> parts = e->is(op_exp) ? e->operands[0]->arguments() : e->arguments();
    return behind(parts[1])->is(reduce_logsumexp) ? parts[0] - parts[1] : Expr();
  }
  // σ(v)/σ(v), where the divisor came in with a name. A sigmoid is never 0, only too small for a number.
  static bool divides_sigmoid_by_itself(Expr e) {
    Rational coefficient = 1;
    const auto leaves = product_leaves(e, coefficient, [](Expr) { return true; });
    return std::ranges::any_of(leaves, [&](const ProductLeaf& below) {
      return below.e->is(op_sigmoid) && below.exponent.sign() < 0 &&
             std::ranges::any_of(leaves, [&](const ProductLeaf& above) {
               return above.e == below.e && above.exponent.sign() > 0;
             });
    });
  }
  // Whether a factor of `inner` meets its reciprocal, or an exponential the sum that it is divided by, in
  // `outer`.
  bool cancels(const Product& inner, const Product& outer, std::size_t except) const {
    for (const Factor& f : inner.factors) {
      if (f.exponent.sign() > 0) continue;
      const Expr total = behind(f.base);
      const bool of_exponentials = one_plus_exp(f.base) || log_sum_exp(total);
      for (std::size_t i = 0; i < outer.factors.size(); ++i) {
        if (i == except || outer.factors[i].exponent.sign() <= 0) continue;
        if (outer.factors[i].base == f.base || (of_exponentials && exponent_of(outer.factors[i].base)))
          return true;
      }
    }
    return false;
  }

  Context& c_;
  LookThrough see_;
  const void* state_;
};

}  // namespace

Rewritten rewrite_exponentials(Expr e, LookThrough see, const void* state) {
  if (e->type != Type::real || e->kind != ExprKind::apply) return {};
  const Exponentials exponentials(*e->context, see, state);
  if (e->is(op_log)) return exponentials.logarithm(e);
  if (e->is(op_mul) || e->is(op_div)) return exponentials.product(e);
  return {};
}

}  // namespace gradc
