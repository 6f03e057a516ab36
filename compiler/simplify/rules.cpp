// The table. Sources are given where a rule is more than school algebra.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/build.h"
#include "compiler/operators/table.h"
#include "compiler/simplify/rule.h"
#include "compiler/support/check.h"

namespace gradc {

RuleTable::RuleTable() {
  Context& c = patterns_;
  auto hole_of = [&](std::string_view name, Type type, Role role) {
    return c.access(c.add_tensor({.name = std::string(name), .role = role, .type = type, .dims = {}}));
  };
  const Expr a = hole_of("a", Type::real, Role::input), b = hole_of("b", Type::real, Role::input),
             d = hole_of("d", Type::real, Role::input);
  const Expr p = hole_of("p", Type::boolean, Role::input), q = hole_of("q", Type::boolean, Role::input);
  const Expr zero = c.real(0), one = c.real(1);

  // ---- exact: a literal, a sign or a choice less, the same bits
  rules_.push_back({.name = "times-one", .left = a * one, .right = a});
  rules_.push_back({.name = "over-one", .left = a / one, .right = a});
  rules_.push_back({.name = "to-the-one", .left = pow(a, one), .right = a});
  rules_.push_back(
      {.name = "to-the-zero", .left = pow(a, zero), .right = one, .source = "C17 F.10.4.4: even of NaN"});
  rules_.push_back({.name = "minus-zero", .left = a - zero, .right = a});
  rules_.push_back({.name = "double-negation", .left = -(-a), .right = a});
  rules_.push_back({.name = "minus-negative", .left = a - (-b), .right = a + b});
  rules_.push_back({.name = "plus-negative", .left = a + (-b), .right = a - b});
  rules_.push_back({.name = "negative-times-negative", .left = (-a) * (-b), .right = a * b});
  rules_.push_back({.name = "negative-over-negative", .left = (-a) / (-b), .right = a / b});
  rules_.push_back({.name = "same-sides", .left = choose(p, a, a), .right = a});
  rules_.push_back({.name = "choice-by-not", .left = choose(negate(p), a, b), .right = choose(p, b, a)});
  rules_.push_back(
      {.name = "condition-met", .left = choose(p, choose(p, a, b), d), .right = choose(p, a, d)});
  rules_.push_back(
      {.name = "condition-not-met", .left = choose(p, a, choose(p, b, d)), .right = choose(p, a, d)});
  rules_.push_back({.name = "choices-of-one-value",
                    .left = choose(p, a, choose(q, a, b)),
                    .right = choose(either(p, q), a, b)});
  rules_.push_back({.name = "not-not", .left = negate(negate(p)), .right = p});

  // ---- procedures, each with an instance of what it does
  auto procedure = [&](std::string_view name, Expr left, Expr right, Holds holds,
                       std::string_view source = "") {
    rules_.push_back(
        {.name = name, .left = left, .right = right, .holds = holds, .source = source, .procedure = true});
  };
  const Holds exactly = Holds::exactly, reals = Holds::over_reals;
  const std::string_view concrete = "Graham, Knuth, Patashnik, Concrete Mathematics, 1994, §2.4";
  procedure("constant-folding", c.real(Rational(1, 2)) * c.real(6), c.real(3), exactly);
  procedure("choice-decided", choose(c.boolean(true), a, b), a, exactly);
  procedure("condition-twice", choose(both(p, p), a, b), choose(p, a, b), exactly);
  procedure("times-zero", a * zero, zero, reals);
  procedure("collect-terms", a + b + a, 2 * a + b, reals);
  procedure("collect-factors", a * b * a / b, pow(a, c.real(2)), reals);
  procedure("powers-of-roots", pow(sqrt(a), c.real(3)), a * sqrt(a), reals);
  procedure("factor-out", 6 * pow(exp(a), Rational(2)) * b + 3 * pow(exp(a), Rational(2)),
            3 * pow(exp(a), Rational(2)) * (2 * b + 1), reals);
  procedure("multiply-out", a * (1 - b) + a * b, a, reals);
  procedure("common-denominator", 1 - a / (a + 1), 1 / (a + 1), reals);
  procedure("choices-of-one-condition", choose(p, a, zero) + choose(p, zero, b), choose(p, a, b), reals);
  procedure("selection-of-product", a * choose(p, b, zero), choose(p, a * b, zero), reals,
            "the untaken side of a choice is never multiplied: design, Choice");

  procedure("own-value", exp(a), exp(a), exactly, "the value of a definition is called by its name");

  const Binder i = {c.fresh_index({}, "i"), c.integer(0), c.integer(5)};
  const Binder j = {c.fresh_index({}, "j"), c.integer(0), c.integer(3)};
  const Expr at_i = to_real(c.position(i.index)), at_j = to_real(c.position(j.index));
  const Expr here = equal(c.position(i.index), c.integer(2));
  auto sum_of = [&](std::initializer_list<Binder> binders, Expr guard, Expr body) {
    return sum(std::span<const Binder>(binders.begin(), binders.size()), guard, body);
  };
  const Expr always = c.boolean(true);
  procedure("condition-known", sum_of({i}, less(c.position(i.index), c.integer(7)), pow(a, at_i)),
            sum_of({i}, always, pow(a, at_i)), exactly);
  procedure("reduction-of-nothing", sum_of({i}, less(c.integer(1), c.integer(0)), at_i * a), zero, exactly);
  procedure("reduction-of-one-term", sum_of({{j.index, c.integer(2), c.integer(3)}}, always, pow(a, at_j)),
            pow(a, c.real(2)), exactly);
  procedure("nested-reductions", sum_of({i}, always, sum_of({j}, always, pow(at_i * a, at_j))),
            sum_of({i, j}, always, pow(at_i * a, at_j)), reals);
  procedure("sum-of-zeros", sum_of({i}, here, zero), zero, reals);
  procedure("choice-to-guard", sum_of({i}, always, choose(less(a, at_i), pow(a, at_i), zero)),
            sum_of({i}, less(a, at_i), pow(a, at_i)), reals);
  procedure("kronecker-delta", sum_of({i}, here, a * pow(b, at_i)), a * pow(b, c.real(2)), reals, concrete);
  procedure("guard-out-of-sum", sum_of({i}, less(a, b), pow(a, at_i)),
            choose(less(a, b), sum_of({i}, always, pow(a, at_i)), zero), reals, concrete);
  procedure("sum-of-kronecker-terms", sum_of({i}, always, choose(here, pow(b, at_i), zero) + pow(a, at_i)),
            pow(b, c.real(2)) + sum_of({i}, always, pow(a, at_i)), reals, concrete);
  procedure("factor-out-of-sum", sum_of({i}, always, 2 * a * pow(b, at_i)),
            2 * a * sum_of({i}, always, pow(b, at_i)), reals, concrete);
}

const Rule& RuleTable::find(std::string_view name) const {
  for (const Rule& rule : rules_)
    if (rule.name == name) return rule;
  GRADC_UNREACHABLE("no rule of this name: " + std::string(name));
}

const RuleTable& rule_table() {
  static const RuleTable table;
  return table;
}

}  // namespace gradc
