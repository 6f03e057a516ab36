// Elementary functions: laws that hold wherever the functions have values (DLMF, chapter 4).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <utility>

#include "compiler/claims/normal_form.h"
#include "compiler/operators/build.h"
#include "compiler/operators/table.h"

namespace gradc::claims {

// f(x, …) as an atom; one of equal arguments is the same atom.
Poly NormalForm::function(const Operator& op, std::vector<Poly> arguments) {
  std::vector<Expr>& known = functions_[&op];
  for (std::size_t k = 0; k < known.size(); ++k) {
    const std::vector<Poly> other = atoms_.at(known[k]).arguments;
    bool same = other.size() == arguments.size();
    for (std::size_t i = 0; same && i < other.size(); ++i)
      same = other[i] == arguments[i] || is_zero(other[i] - arguments[i]);
    if (same) return atom(functions_[&op][k]);
  }
  std::vector<Expr> x;
  for (const Poly& argument : arguments) x.push_back(expr(argument));
  const Expr made = c_.apply(op, x);
  const auto [entry, is_new] = atoms_.try_emplace(
      made, Atom{.kind = Kind::function, .op = &op, .arguments = std::move(arguments), .sign = any});
  if (is_new) functions_[&op].push_back(made);
  return atom(made);
}

// f(−x) = −f(x)
Poly NormalForm::odd(const Operator& op, const Poly& argument) {
  if (argument.is_zero()) return Poly();
  const bool turn = argument.leading().sign() < 0;
  return turn ? function(op, {argument.times(-1)}).times(-1) : function(op, {argument});
}

Poly NormalForm::absolute(const Poly& u) {
  const Signs s = signs(u);
  if (within(s, zero | positive)) return u;
  if (within(s, zero | negative)) return u.times(-1);
  const Rational lead = u.leading(), size = lead.sign() < 0 ? -lead : lead;
  return function(op_abs, {u.times(Rational(1) / lead)}).times(size);
}

// e^(a + b) = e^a e^b, e^(n log w) = w^n
Poly NormalForm::exponential(const Poly& argument) {
  Poly result(1);
  for (const auto& [factors, coefficient] : argument.terms())
    for (const auto& [base, exponent] : factors)
      if (const auto known = atoms_.find(base);
          known != atoms_.end() && known->second.kind == Kind::sum && exponent.sign() < 0)
        return function(op_exp, {argument});
  for (const auto& [factors, coefficient] : argument.terms()) {
    if (factors.size() == 1 && factors[0].second.is_one()) {
      const auto known = atoms_.find(factors[0].first);
      if (known != atoms_.end() && known->second.op == &op_log) {
        const Poly inner = known->second.arguments[0];
        result = mul(result, power(inner, coefficient));
        continue;
      }
    }
    // The size of the exponent becomes that of the power: e^(2x) = (e^x)².
    const Poly base = function(op_exp, {factors.empty() ? Poly(1) : Poly(1, factors)});
    result = mul(result, settled({{base.terms().begin()->first[0].first, coefficient}}));
  }
  return result;
}

// log(a b) = log a + log b for positive factors only.
Poly NormalForm::logarithm(const Poly& argument) {
  if (argument.is_zero()) throw GaveUp{};
  const auto number = [&](const Rational& n) {
    Poly result;
    for (const auto& [part, sign] : {std::pair{n.numerator(), 1}, {n.denominator(), -1}}) {
      auto rest = part.to_int64();
      if (!rest || *rest > 1'000'000'000) throw GaveUp{};
      const auto add = [&](std::int64_t p) { result = result + function(op_log, {Poly(p)}).times(sign); };
      for (std::int64_t p = 2; p * p <= *rest; ++p)
        for (; *rest % p == 0; *rest /= p) add(p);
      if (*rest > 1) add(*rest);
    }
    return result;
  };
  const auto of_positive = [&](Expr base, const Rational& exponent) {
    const auto known = atoms_.find(base);
    if (base->is(op_exp) && known != atoms_.end()) return Poly(known->second.arguments[0]).times(exponent);
    const bool is_sum = known != atoms_.end() && known->second.kind == Kind::sum;
    const Poly inner = is_sum ? known->second.arguments[0] : atom(base);
    return function(op_log, {inner}).times(exponent);
  };
  const Poly common = argument.size() > 1 ? common_factor(argument, true) : Poly(1);
  Factors inverse = common.terms().begin()->first;
  for (auto& [b, exponent] : inverse) exponent = -exponent;
  Poly rest = mul(argument, Poly(1, inverse));
  Poly result;
  for (const auto& [base, exponent] : common.terms().begin()->first)
    result = result + of_positive(base, exponent);
  const Rational lead = rest.leading(), size = lead.sign() < 0 ? -lead : lead;
  rest = rest.times(Rational(1) / size);
  result = result + number(size);
  if (rest.size() > 1) return result + function(op_log, {rest});
  const auto [factors, coefficient] = *rest.terms().begin();
  Factors left;
  for (const auto& [base, exponent] : factors)
    if (within(base_signs(base), positive))
      result = result + of_positive(base, exponent);
    else
      left.emplace_back(base, exponent);
  if (left.empty() && coefficient.sign() > 0) return result;
  return result + function(op_log, {Poly(coefficient, left)});
}

Poly NormalForm::general_power(Expr e) {
  const Poly base = of(e->operands[0]), exponent = of(e->operands[1]);
  if (exponent.is_constant()) return power(base, exponent.constant());
  if (within(signs(base), positive)) return exponential(mul(exponent, logarithm(base)));
  return function(op_pow, {base, exponent});
}

namespace {

struct Angle {
  Poly sine, cosine;
};

}  // namespace

// sin and cos of asin u, acos u, atan u
std::optional<std::pair<Poly, Poly>> NormalForm::sine_cosine_of_inverse(const Poly& argument) {
  if (argument.size() != 1 || !argument.leading().is_one()) return std::nullopt;
  const Factors& factors = argument.terms().begin()->first;
  if (factors.size() != 1 || !factors[0].second.is_one()) return std::nullopt;
  const auto known = atoms_.find(factors[0].first);
  if (known == atoms_.end() || !known->second.op) return std::nullopt;
  const std::string_view id = known->second.op->id;
  if (id != "asin" && id != "acos" && id != "atan") return std::nullopt;
  const Poly u = known->second.arguments[0];
  if (id == "atan") {
    const Poly scale = power(Poly(1) + mul(u, u), Rational(-1, 2));
    return std::pair(mul(u, scale), scale);
  }
  const Poly other = power(Poly(1) - mul(u, u), Rational(1, 2));
  return id == "asin" ? std::pair(u, other) : std::pair(other, u);
}

std::pair<Poly, Poly> NormalForm::sine_cosine(const Poly& argument) {
  if (auto known = sine_cosine_of_inverse(argument)) return *known;
  const Operator &sine = *find_operator("sin"), &cosine = *find_operator("cos");
  const auto plain = [&](const Poly& angle) {
    const Poly upright = angle.leading().sign() < 0 ? angle.times(-1) : angle;
    return std::pair(odd(sine, angle), angle.is_zero() ? Poly(1) : function(cosine, {upright}));
  };
  if (argument.size() > 4) return plain(argument);
  std::pair<Poly, Poly> sum(Poly(), Poly(1));
  const auto add = [&](const std::pair<Poly, Poly>& angle) {
    sum = {mul(sum.first, angle.second) + mul(sum.second, angle.first),
           mul(sum.second, angle.second) - mul(sum.first, angle.first)};
  };
  for (const auto& [factors, coefficient] : argument.terms()) {
    const bool of_pi = factors.size() == 1 && factors[0].first->is(op_pi) && factors[0].second.is_one();
    const auto halves = (coefficient * 2).to_int64();
    if (of_pi && halves) {
      const std::int64_t quarter = ((*halves % 4) + 4) % 4;
      add({Poly(quarter == 1 ? 1 : quarter == 3 ? -1 : 0), Poly(quarter == 0 ? 1 : quarter == 2 ? -1 : 0)});
      continue;
    }
    const auto times = coefficient.numerator().to_int64();
    if (!times || *times > 6 || *times < -6) return plain(argument);
    auto [s, c] = plain(Poly(Rational(1) / coefficient.denominator(), factors));
    if (*times < 0) s = s.times(-1);
    for (std::int64_t k = 0; k < (*times < 0 ? -*times : *times); ++k) add({s, c});
  }
  return sum;
}

// Jₙ in J₀ and J₁: J₋ₙ = (−1)ⁿ Jₙ, Jₙ(−x) = (−1)ⁿ Jₙ(x), Jₙ = 2(n − 1)/x Jₙ₋₁ − Jₙ₋₂ (DLMF 10.4.1,
// 10.11.1, 10.6.1). At x = 0 both sides go on into each other.
Poly NormalForm::bessel(std::int64_t n, const Poly& x) {
  const Rational sign(n % 2 == 0 ? 1 : -1);
  if (n < 0) return bessel(-n, x).times(sign);
  if (x.is_zero()) return Poly(n == 0 ? 1 : 0);
  if (x.leading().sign() < 0) return bessel(n, x.times(-1)).times(sign);
  const auto of_order = [&](std::int64_t order) {
    return function(*find_operator("besselj"), {Poly(order), x});
  };
  if (n < 2 || n > 12) return of_order(n);
  Poly before = of_order(0), here = of_order(1);
  const Poly inverse = power(x, -1);
  for (std::int64_t k = 1; k < n; ++k) {
    const Poly next = mul(inverse, here).times(2 * k) - before;
    before = std::exchange(here, next);
  }
  return here;
}

// Of a number a, in that of 0 < a ≤ 1: (a − 1) f(a, x) = x f(a − 1, x), and f(1, x) = e^(−x).
Poly NormalForm::gamma_density(const Poly& order, const Poly& x) {
  const Operator& op = *find_operator("gamma_density");
  if (!order.is_constant()) return function(op, {order, x});
  Rational a = order.constant();
  if (a.is_integer() && a.sign() <= 0) return Poly();
  if (a > Rational(12) || a < Rational(-12)) return function(op, {order, x});
  Poly factor(1);
  const Poly inverse = power(x, -1);
  for (; a > Rational(1); a = a - 1) factor = mul(factor, x).times(Rational(1) / (a - 1));
  for (; a.sign() < 0; a = a + 1) factor = mul(factor, inverse).times(a);
  return mul(factor, a.is_one() ? exponential(x.times(-1)) : function(op, {Poly(a), x}));
}

Poly NormalForm::named_function(Expr e, const std::vector<Poly>& x) {
  const std::string_view id = e->op->id;
  const Poly one(1);
  const auto half = [](const Poly& p) { return p.times(Rational(1, 2)); };
  const auto sigmoid_of = [&](const Poly& u) { return power(one + exponential(u.times(-1)), -1); };
  const auto larger = [&](const Poly& a, const Poly& b) { return half(a + b + absolute(a - b)); };
  const auto smaller = [&](const Poly& a, const Poly& b) { return half(a + b - absolute(a - b)); };
  const auto number_log = [&](std::int64_t n) { return logarithm(Poly(n)); };
  if (e->op == &op_exp) return exponential(x[0]);
  if (id == "exp_difference") return exponential(x[0] - x[1]);
  if (id == "expm1") return exponential(x[0]) - one;
  if (id == "exp2") return exponential(mul(x[0], number_log(2)));
  if (e->op == &op_log) return logarithm(x[0]);
  if (id == "log1p") return logarithm(one + x[0]);
  if (id == "log2") return mul(logarithm(x[0]), power(number_log(2), -1));
  if (id == "log10") return mul(logarithm(x[0]), power(number_log(10), -1));
  if (id == "sqrt" || id == "root") return power(x[0], Rational(1, 2));
  if (id == "hypot") return power(mul(x[0], x[0]) + mul(x[1], x[1]), Rational(1, 2));
  if (id == "sigmoid") return sigmoid_of(x[0]);
  if (id == "log_sigmoid") return logarithm(one + exponential(x[0].times(-1))).times(-1);
  if (id == "softplus") return logarithm(one + exponential(x[0]));
  if (id == "silu") return mul(x[0], sigmoid_of(x[0]));
  if (id == "tanh") return one - power(one + exponential(x[0].times(2)), -1).times(2);
  if (id == "sinh") return half(exponential(x[0]) - exponential(x[0].times(-1)));
  if (id == "cosh") return half(exponential(x[0]) + exponential(x[0].times(-1)));
  if (id == "sin") return sine_cosine(x[0]).first;
  if (id == "cos") return sine_cosine(x[0]).second;
  if (id == "tan") {
    const auto [s, c] = sine_cosine(x[0]);
    return mul(s, power(c, -1));
  }
  if (id == "erf" || id == "asin" || id == "atan" || id == "asinh" || id == "atanh" || id == "cbrt")
    return odd(*e->op, x[0]);
  if (id == "erfc") return one - odd(*find_operator("erf"), x[0]);
  if (e->op == &op_abs) return absolute(x[0]);
  if (id == "relu") return larger(x[0], Poly());
  if (e->op == &op_max || id == "max_const") return larger(x[0], x[1]);
  if (e->op == &op_min || id == "min_const") return smaller(x[0], x[1]);
  if (id == "clamp") return smaller(larger(x[0], x[1]), x[2]);
  if (e->op == &op_sign) {
    const Signs s = signs(x[0]);
    if (within(s, positive)) return one;
    if (within(s, negative)) return Poly(-1);
    if (within(s, zero)) return Poly();
    if (depends_on_binders(x[0])) return odd(op_sign, x[0]);
    throw NeedSplit{x[0], {}};
  }
  if (id == "digamma") return function(*find_operator("polygamma"), {Poly(), x[0]});
  if (id == "trigamma") return function(*find_operator("polygamma"), {Poly(1), x[0]});
  if (id == "besselj0") return bessel(0, x[0]);
  if (id == "besselj1") return bessel(1, x[0]);
  if (id == "besselj") return bessel(*e->operands[0]->value->to_int64(), x[1]);
  if (id == "gamma_density") return gamma_density(x[0], x[1]);
  if (id == "gammaincc") return one - function(*find_operator("gammainc"), x);
  if (e->op->arity == 0) return atom(e);
  if (e->type != Type::real) {  // floor_div, mod, …
    std::vector<Expr> arguments;
    for (const Poly& p : x) arguments.push_back(expr(p, Type::integer));
    return atom(c_.apply(*e->op, arguments));
  }
  return function(*e->op, x);
}

}  // namespace gradc::claims
