// First and second derivatives of every operator against differences of its values, in the range where it is
// sampled, close to kinks and limits, and at kinks what the language promises. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "compiler/diff/derivative.h"
#include "compiler/operators/table.h"
#include "tests/diff/systems.h"
#include "tests/support/differences.h"

namespace gradc::test {
namespace {

bool is_real(const Operator& op) { return op.typing == Typing::real || op.typing == Typing::arithmetic; }

// An operator applied to as many params as it has arguments, with its derivatives.
struct Applied {
  Builder b;
  std::vector<TensorId> x;
  TensorId y, first[3], second[3][3];

  explicit Applied(const Operator& op, int order = 1) {
    std::vector<Expr> operands;
    for (int i = 0; i < op.arity; ++i) {
      x.push_back(b.given("x" + std::to_string(i)));
      operands.push_back(i == 0 && op.has_order() ? b.c.real(order) : b(x.back()));
    }
    const Expr body = b.c.apply(op, operands);
    y = b.define("y", {}, body);
    for (int i = 0; i < op.arity; ++i) {
      if (i == op.without_partial) continue;
      const Expr d = derivative(body, x[i]);
      first[i] = b.define("d" + std::to_string(i), {}, d ? d : b.c.real(0));
      for (int j = 0; j < op.arity; ++j) {
        const Expr dd = d ? derivative(d, x[j]) : Expr{};
        second[i][j] = b.define("d" + std::to_string(i) + std::to_string(j), {}, dd ? dd : b.c.real(0));
      }
    }
  }

  Point<double> at(const std::array<double, 3>& numbers) const {
    Point<double> point;
    for (std::size_t i = 0; i < x.size(); ++i) point.tensors[x[i]] = {{}, {numbers[i]}, {}};
    return point;
  }
  double value(TensorId t, const Point<double>& point) const {
    return Evaluator<Precise>(b.system, to_precise(point)).tensor(t)->reals[0].to_double();
  }
  void expect_slope(TensorId derivative, TensorId of, TensorId by, const Point<double>& point,
                    const std::string& what) const {
    const double want = differences(b.system, of, by, point)[0];
    if (!std::isfinite(want)) return;  // outside the domain
    EXPECT_NEAR(value(derivative, point), want, 1e-14 * (1 + std::abs(want))) << what;
  }
  void expect_derivatives(const Operator& op, const std::array<double, 3>& numbers) const {
    const Point<double> point = at(numbers);
    for (std::size_t i = op.has_order() ? 1 : 0; i < x.size(); ++i) {
      if (!first[i].valid()) continue;
      const std::string where = std::string(op.id) + " at " + testing::PrintToString(numbers);
      expect_slope(first[i], y, x[i], point, where + ", first by " + std::to_string(i));
      for (std::size_t j = op.has_order() ? 1 : 0; j < x.size(); ++j)
        expect_slope(second[i][j], first[i], x[j], point,
                     where + ", second by " + std::to_string(i) + ", " + std::to_string(j));
    }
  }
};

TEST(Operators, DerivativesAreThoseOfTheValues) {
  std::mt19937_64 random(3);
  for (const Operator* op : all_operators()) {
    if (!is_real(*op) || op->arity == 0) continue;
    // Their derivatives are not those of their values: that is what they are for.
    if (op->id == "stop" || op->id == "stated" || op->id == "carried" || op->id == "held") continue;
    for (int order : {1, 0, -2}) {
      if (order != 1 && op->orders[0] >= 0) continue;
      const Applied applied(*op, order);
      std::uniform_real_distribution<double> sampled(op->sampled[0], op->sampled[1]);
      for (int turn = 0; turn < 6; ++turn)
        applied.expect_derivatives(*op, {sampled(random), sampled(random), sampled(random)});
      for (double x : {1e-7, -1e-7, 1 - 1e-7, 1 + 1e-7, 2 + 1e-7, -2.3, 25.25, -25.25})
        applied.expect_derivatives(*op, {x, x + 1e-9, x - 1e-9});
    }
  }
}

struct Promise {
  std::string_view id;
  std::array<double, 3> at;
  std::vector<double> first, second;  // by the arguments; second: twice by the same one
};

TEST(Operators, DerivativesAtKinksAreThePromisedOnes) {
  const double infinity = std::numeric_limits<double>::infinity();
  const Promise promises[] = {
      {"abs", {0}, {0}, {0}},
      {"sign", {0}, {0}, {0}},
      {"relu", {0}, {0}, {0}},
      {"leaky_relu", {0}, {0.01}, {0}},
      {"elu", {0}, {1}, {1}},
      {"floor", {2}, {0}, {0}},
      {"round", {0.5}, {0}, {0}},
      {"sqrt", {0}, {infinity}, {-infinity}},
      {"root", {0}, {0}, {0}},
      {"hypot", {0, 0}, {0, 0}, {0, 0}},
      {"max", {1, 1}, {0.5, 0.5}, {0, 0}},
      {"min", {1, 1}, {0.5, 0.5}, {0, 0}},
      {"max_const", {1, 1}, {0, 0}, {0, 0}},
      {"min_const", {1, 1}, {0, 0}, {0, 0}},
      {"clamp", {1, 0, 1}, {0, 0, 1}, {0, 0, 0}},
      {"clamp", {0, 0, 1}, {0, 1, 0}, {0, 0, 0}},
      {"sinc", {0}, {0}, {-1.0 / 3}},
      {"xlogy", {0, 0}, {-infinity, 0}, {0, 0}},
      {"pow", {0, 0}, {0, 0}, {0, 0}},
      {"pow", {0, 2}, {0, 0}, {2, 0}},
      {"stop", {3}, {0}, {0}},
  };
  for (const Promise& p : promises) {
    const Operator& op = *find_operator(p.id);
    const Applied applied(op);
    const Point<double> point = applied.at(p.at);
    for (std::size_t i = 0; i < p.first.size(); ++i) {
      const std::string what = std::string(p.id) + " by " + std::to_string(i);
      EXPECT_DOUBLE_EQ(applied.value(applied.first[i], point), p.first[i]) << "first of " << what;
      EXPECT_DOUBLE_EQ(applied.value(applied.second[i][i], point), p.second[i]) << "second of " << what;
    }
  }
}

}  // namespace
}  // namespace gradc::test
