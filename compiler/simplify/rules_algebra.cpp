// The table: what the procedures over sums, products and reductions do, each by an instance.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/build.h"
#include "compiler/simplify/rule.h"

namespace gradc {

void RuleTable::add_algebra() {
  Context& c = patterns_;
  const Expr a = a_, b = b_, p = p_, zero = c.real(0);
  const Holds exactly = Holds::exactly, reals = Holds::over_reals;
  add_procedure("constant-folding", c.real(Rational(1, 2)) * c.real(6), c.real(3), exactly);
  add_procedure("choice-decided", choose(c.boolean(true), a, b), a, exactly);
  add_procedure("condition-twice", choose(both(p, p), a, b), choose(p, a, b), exactly);
  add_procedure("times-zero", a * zero, zero, reals);
  add_procedure("collect-terms", a + b + a, 2 * a + b, reals);
  add_procedure("collect-factors", a * b * a / b, pow(a, c.real(2)), reals);
  add_procedure("powers-of-roots", pow(sqrt(a), c.real(3)), a * sqrt(a), reals);
  add_procedure("factor-out", 6 * pow(exp(a), Rational(2)) * b + 3 * pow(exp(a), Rational(2)),
                3 * pow(exp(a), Rational(2)) * (2 * b + 1), reals);
  add_procedure("multiply-out", a * (1 - b) + a * b, a, reals);
  add_procedure("common-denominator", 1 - a / (a + 1), 1 / (a + 1), reals);
  add_procedure("choices-of-one-condition", choose(p, a, zero) + choose(p, zero, b), choose(p, a, b), reals);
  add_procedure("selection-of-product", a * choose(p, b, zero), choose(p, a * b, zero), reals,
                "the untaken side of a choice is never multiplied: design, Choice");

  add_procedure("own-value", exp(a), exp(a), exactly, "the value of a definition is called by its name");
}

void RuleTable::add_sums() {
  Context& c = patterns_;
  const Expr a = a_, b = b_, zero = c.real(0);
  const Holds exactly = Holds::exactly, reals = Holds::over_reals;
  const std::string_view concrete = "Graham, Knuth, Patashnik, Concrete Mathematics, 1994, §2.4";
  const Binder i = {c.fresh_index({}, "i"), c.integer(0), c.integer(5)};
  const Binder j = {c.fresh_index({}, "j"), c.integer(0), c.integer(3)};
  const Expr at_i = to_real(c.position(i.index)), at_j = to_real(c.position(j.index));
  const Expr here = equal(c.position(i.index), c.integer(2));
  auto sum_of = [&](std::initializer_list<Binder> binders, Expr guard, Expr body) {
    return sum(std::span<const Binder>(binders.begin(), binders.size()), guard, body);
  };
  const Expr always = c.boolean(true);
  add_procedure("condition-known", sum_of({i}, less(c.position(i.index), c.integer(7)), pow(a, at_i)),
                sum_of({i}, always, pow(a, at_i)), exactly);
  add_procedure("reduction-of-nothing", sum_of({i}, less(c.integer(1), c.integer(0)), at_i * a), zero,
                exactly);
  add_procedure("reduction-of-one-term",
                sum_of({{j.index, c.integer(2), c.integer(3)}}, always, pow(a, at_j)), pow(a, c.real(2)),
                exactly);
  add_procedure("nested-reductions", sum_of({i}, always, sum_of({j}, always, pow(at_i * a, at_j))),
                sum_of({i, j}, always, pow(at_i * a, at_j)), reals);
  add_procedure("sum-of-zeros", sum_of({i}, here, zero), zero, reals);
  add_procedure("choice-to-guard", sum_of({i}, always, choose(less(a, at_i), pow(a, at_i), zero)),
                sum_of({i}, less(a, at_i), pow(a, at_i)), reals);
  add_procedure("kronecker-delta", sum_of({i}, here, a * pow(b, at_i)), a * pow(b, c.real(2)), reals,
                concrete);
  const Expr any_here = c.reduce(reduce_any, std::vector<Binder>{i}, always, both(here, less(at_i, a)));
  add_procedure("any-kronecker-delta", choose(any_here, a, b), choose(less(c.real(2), a), a, b), reals,
                concrete);
  // floor(7/3) = 2
  const Expr seven = c.integer(7), three_i = 3 * c.position(i.index);
  const auto all = [&](std::initializer_list<Expr> parts) {
    return conjunction(c, std::vector<Expr>(parts));
  };
  add_procedure(
      "windows-apart",
      sum_of({i}, all({less_equal(c.integer(0), seven - three_i), less(seven - three_i, c.integer(3))}),
             pow(a, at_i)),
      pow(a, c.real(2)), reals, concrete);
  const Expr further = c.position(i.index) + c.position(j.index);
  add_procedure(
      "bound-implied",
      sum_of({i, j}, all({less(further, c.integer(4)), less(further, c.integer(5))}), pow(at_i * a, at_j)),
      sum_of({i, j}, less(further, c.integer(4)), pow(at_i * a, at_j)), exactly);
  add_procedure("guard-out-of-sum", sum_of({i}, less(a, b), pow(a, at_i)),
                choose(less(a, b), sum_of({i}, always, pow(a, at_i)), zero), reals, concrete);
  add_procedure("sum-of-kronecker-terms",
                sum_of({i}, always, choose(here, pow(b, at_i), zero) + pow(a, at_i)),
                pow(b, c.real(2)) + sum_of({i}, always, pow(a, at_i)), reals, concrete);
  add_procedure("factor-out-of-sum", sum_of({i}, always, 2 * a * pow(b, at_i)),
                2 * a * sum_of({i}, always, pow(b, at_i)), reals, concrete);
}

}  // namespace gradc
