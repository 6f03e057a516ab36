// Random systems: simplified = raw, simplify∘simplify = simplify, and what the user wrote keeps its bits.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "compiler/diff/derivative.h"
#include "compiler/equations/verify.h"
#include "compiler/equations/walk.h"
#include "compiler/simplify/fold.h"
#include "compiler/simplify/simplify.h"
#include "tests/diff/systems.h"
#include "tests/simplify/print.h"
#include "tests/support/differences.h"

namespace gradc::test {
namespace {

// A few definitions over two dims, each of what stands before it, ending in a scalar E.
struct RandomModel : Builder {
  std::mt19937_64 random;
  DimId A = dim("A", 2), B = dim("B", 3);
  std::vector<TensorId> scalars, over_a, over_ab, parameters;
  TensorId e;

  explicit RandomModel(unsigned seed) : random(seed) {
    for (const char* name : {"p", "q"}) scalars.push_back(given(name));
    over_a.push_back(given("u", {A}));
    over_ab.push_back(given("w", {A, B}));
    parameters = {scalars[0], scalars[1], over_a[0], over_ab[0]};
    for (int k = 0; k < 4; ++k) {
      const std::string name = "d" + std::to_string(k);
      if (pick(2)) {
        over_a.push_back(define(name, {A}, formula(3, {slot(0, A)}, {})));
      } else {
        scalars.push_back(define(name, {}, formula(3, {}, {})));
      }
    }
    e = define("E", {}, formula(4, {}, {}));
  }

  int pick(int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); }
  TensorId any(const std::vector<TensorId>& from) {
    return from[static_cast<std::size_t>(pick(static_cast<int>(from.size())))];
  }

  Expr leaf(const std::vector<Expr>& a, const std::vector<Expr>& b) {
    if (!a.empty() && !b.empty() && pick(2))
      return (*this)(any(over_ab), {a[static_cast<std::size_t>(pick(static_cast<int>(a.size())))], b.back()});
    if (!a.empty() && pick(3))
      return (*this)(any(over_a), {a[static_cast<std::size_t>(pick(static_cast<int>(a.size())))]});
    switch (pick(6)) {
      case 0: return c.real(pick(4));
      case 1: return c.real(Rational(1 + pick(3), 2));
      case 2:
        if (!a.empty()) return to_real(a.back());
        [[fallthrough]];
      default: return (*this)(any(scalars));
    }
  }

  // Over the indices a (of A) and b (of B) that are at hand.
  Expr formula(int depth, std::vector<Expr> a, std::vector<Expr> b) {
    if (depth == 0) return leaf(a, b);
    auto next = [&] { return formula(depth - 1, a, b); };
    switch (pick(14)) {
      case 0:
      case 1: return next() + next();
      case 2: return next() - next();
      case 3:
      case 4: return next() * next();
      case 5: return next() / (pow(next(), 2) + 1);
      case 6: return pow(next(), 1 + pick(3));
      case 7: return tanh(next());
      case 8: return sigmoid(next());
      case 9: return -next();
      case 10: return choose(less(next(), next()), next(), next());
      case 11: {
        const Binder i = c.over(A, "i");
        a.push_back(at(i));
        return sum({i}, formula(depth - 1, a, b));
      }
      case 12: {
        if (a.empty()) return next();
        const Binder j = c.over(B, "j");
        b.push_back(at(j));
        return sum({j}, formula(depth - 1, a, b));
      }
      default: return exp(tanh(next()));
    }
  }
};

class RandomSystems : public testing::TestWithParam<unsigned> {};

TEST_P(RandomSystems, SimplifiedIsRaw) {
  for (unsigned seed = GetParam() * 100; seed < GetParam() * 100 + 100; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomModel m(seed);
    System raw = m.system;
    std::vector<TensorId> outputs = add_adjoints(raw, m.e, m.parameters);
    const std::size_t first_order = outputs.size();
    if (seed % 3 == 0) outputs.push_back(add_jacobian(raw, outputs[0], m.scalars[1]));
    outputs.push_back(m.e);
    raw.set_outputs(outputs);
    raw = reachable(raw);
    ASSERT_EQ(verify(raw), "") << print(m.system.find(m.e)->define()->value);
    const System simple = simplify(raw);
    ASSERT_EQ(verify(simple), "");
    const System again = simplify(simple);
    ASSERT_EQ(again.definitions().size(), simple.definitions().size());
    for (std::size_t i = 0; i < simple.definitions().size(); ++i)
      ASSERT_EQ(print(again.definitions()[i].define()->value), print(simple.definitions()[i].define()->value))
          << m.c.tensor(simple.definitions()[i].tensor).name;

    Point<double> point;
    std::mt19937_64 numbers(seed);
    fill_given(raw, point, numbers);
    const Point<Precise> precise = to_precise(point);
    for (std::size_t k = 0; k < outputs.size(); ++k) {
      const auto want = Evaluator<Precise>(raw, precise).tensor(outputs[k]);
      const auto got = Evaluator<Precise>(simple, precise).tensor(outputs[k]);
      ASSERT_TRUE(want && got);
      for (std::size_t i = 0; i < want->reals.size(); ++i) {
        if (!isfinite(want->reals[i])) continue;
        ASSERT_LE(fabs(want->reals[i] - got->reals[i]), Precise(1e-30) * (Precise(1) + fabs(want->reals[i])))
            << m.c.tensor(outputs[k]).name << (k < first_order ? "" : " (second order)");
      }
    }
    // Literals are exact by definition of the language: what is compared has them folded.
    System folded(m.c);
    for (Definition d : m.system.definitions()) {
      d.rule = Define{rewrite(d.define()->value, [](Expr e) { return fold(e); })};
      folded.add(std::move(d));
    }
    folded.set_outputs({m.e});
    const double before = Evaluator<double>(folded, point).tensor(m.e)->reals[0],
                 after = Evaluator<double>(simple, point).tensor(m.e)->reals[0];
    ASSERT_TRUE(std::bit_cast<std::uint64_t>(before) == std::bit_cast<std::uint64_t>(after) ||
                std::isnan(before))
        << "the user's value changed from " << before << " to " << after << "\n"
        << print(m.system.find(m.e)->define()->value) << "\n"
        << print(simple.find(m.e)->define()->value);
  }
}
INSTANTIATE_TEST_SUITE_P(Seeds, RandomSystems, testing::Range(0U, 5U));

}  // namespace
}  // namespace gradc::test
