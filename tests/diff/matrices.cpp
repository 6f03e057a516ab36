// Functions of matrices: their values and derivatives in both modes, to third order, against high-precision
// differences, for several sizes. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include "compiler/diff/derivative.h"
#include "compiler/equations/verify.h"
#include "compiler/operators/table.h"
#include "tests/diff/systems.h"
#include "tests/support/differences.h"

namespace gradc::test {
namespace {

struct Case {
  const CallOperator* op;
  std::size_t squares;  // arguments
  std::size_t columns;  // axes of the right side behind its rows
};

std::vector<Case> cases() {
  std::vector<Case> result;
  for (const CallOperator* op : all_calls()) {
    result.push_back({op, 1, 0});
    if (op->right) result.push_back({op, 1, 1});
    if (op->more_squares) result.push_back({op, 2, 0});
  }
  return result;
}

// E = Σ weights·(y + y²) of the function's value y at A + t·V, B + t·W, …; all arguments move with t.
struct Line {
  Builder b;
  TensorId t, value, energy;
  std::vector<TensorId> starts;
  Point<double> point;

  Line(const Case& of, std::int64_t n) {
    const DimId N = b.dim("N", n), M = b.dim("M", 2);
    t = b.given("t");
    Call call{of.op, {}, {}};
    const auto moving = [&](const std::string& name, const std::vector<DimId>& dims) {
      starts.push_back(b.given(name, dims));
      const TensorId direction = b.given(name + "_direction", dims);
      std::vector<Expr> at;
      for (std::size_t k = 0; k < dims.size(); ++k) at.push_back(b.slot(static_cast<int>(k), dims[k]));
      call.arguments.push_back(
          b.define(name + "_moved", dims, b.c.access(starts.back(), at) + b(t) * b.c.access(direction, at)));
    };
    for (std::size_t k = 0; k < of.squares; ++k) moving("A" + std::to_string(k), {N, N});
    std::vector<DimId> right{N};
    if (of.columns) right.push_back(M);
    if (of.op->right) moving("B", right);
    std::vector<DimId> dims;
    if (of.op->value == CallOperator::Value::square) dims = {N, N};
    if (of.op->value == CallOperator::Value::right) dims = right;
    call.results = {value = b.derived("y", dims)};
    Definition d{.tensor = {}, .rule = call};
    d.tensor = value;
    b.system.add(d);
    std::vector<Binder> binders;
    std::vector<Expr> at;
    Expr weight = b.c.real(1);
    for (DimId dim : dims) {
      binders.push_back(b.c.over(dim));
      at.push_back(b.at(binders.back()));
      weight = (weight + to_real(at.back())) / (2 + to_real(at.back()));
    }
    const Expr y = b.c.access(value, at), term = weight * (y + y * y);
    energy = b.define("E", {}, binders.empty() ? term : sum(binders, b.c.boolean(true), term));

    std::mt19937_64 random(static_cast<std::uint64_t>(n));
    const double size = 1.0 / static_cast<double>(n);
    fill_given(b.system, point, random, -size, size);
    point.tensors.at(t).reals = {0.25};
    std::vector<double>& a = point.tensors.at(starts[0]).reals;
    for (std::int64_t i = 0; i < n; ++i) a[static_cast<std::size_t>(i * (n + 1))] += 2;
  }
};

void expect_near(const std::vector<double>& got, const std::vector<double>& want, const std::string& what) {
  ASSERT_EQ(got.size(), want.size()) << what;
  double largest = 1e-3;
  for (double w : want) largest = std::max(largest, std::abs(w));
  for (std::size_t i = 0; i < got.size(); ++i)
    EXPECT_NEAR(got[i], want[i], 1e-11 * largest) << what << " element " << i;
}

std::vector<double> values(const System& system, TensorId t, const Point<double>& point) {
  const auto v = Evaluator<double>(system, point).tensor(t);
  return v ? v->reals : std::vector<double>{};
}

std::string name(const Case& of, std::int64_t n) {
  return std::string(of.op->id) + " of " + std::to_string(of.squares) + ", n = " + std::to_string(n);
}

TEST(Matrices, AlongALineToThirdOrder) {
  for (const Case& of : cases())
    for (const std::int64_t n : {1, 2, 3, 8, 17}) {
      Line line(of, n);
      System system = line.b.system;
      ASSERT_EQ(verify(system), "");
      const auto precise = Evaluator<Precise>(system, to_precise(line.point)).tensor(line.value);
      std::vector<double> rounded;
      for (const Precise& x : precise->reals) rounded.push_back(x.to_double());
      expect_near(values(system, line.value, line.point), rounded, name(of, n) + ", value");
      TensorId last = line.energy;
      for (int order = 1; order <= (n > 8 ? 2 : 3); ++order) {
        const std::vector<double> want = differences(system, last, line.t, line.point);
        const std::string what = name(of, n) + ", order " + std::to_string(order);
        System forward = system;
        const TensorId tangent = add_jacobian(forward, last, line.t);
        ASSERT_EQ(verify(forward), "") << what;
        expect_near(values(forward, tangent, line.point), want, what + " forward");
        last = add_adjoints(system, last, std::span(&line.t, 1))[0];
        ASSERT_EQ(verify(system), "") << what;
        expect_near(values(system, last, line.point), want, what + " reverse");
      }
    }
}

TEST(Matrices, ByAllEntries) {
  for (const Case& of : cases())
    for (const std::int64_t n : {1, 2, 3}) {
      Line line(of, n);
      for (TensorId wrt : line.starts) {
        const std::string what = name(of, n) + " by " + line.b.c.tensor(wrt).name;
        System system = line.b.system;
        const TensorId gradient = add_adjoints(system, line.energy, std::span(&wrt, 1))[0];
        expect_near(values(system, gradient, line.point), differences(system, line.energy, wrt, line.point),
                    what);
        const TensorId jacobian = add_jacobian(system, line.value, wrt);
        const TensorId other = add_jacobian(system, line.value, wrt, Mode::reverse);
        const std::vector<double> want = differences(system, line.value, wrt, line.point);
        expect_near(values(system, jacobian, line.point), want, what + ", Jacobian forward");
        expect_near(values(system, other, line.point), want, what + ", Jacobian in reverse");
        const TensorId hessian = add_jacobian(system, gradient, wrt);
        expect_near(values(system, hessian, line.point), differences(system, gradient, wrt, line.point),
                    what + ", Hessian");
      }
    }
}

// det and its derivatives where det·A⁻ᵀ does not exist.
TEST(Matrices, DeterminantsOfSingularMatrices) {
  const auto derivatives = [](std::int64_t n, const std::vector<double>& numbers, std::size_t orders) {
    Builder b;
    const DimId N = b.dim("N", n);
    const TensorId a = b.given("A", {N, N}), y = b.derived("y");
    Definition d{.tensor = {}, .rule = Call{find_call("det"), {a}, {y}}};
    d.tensor = y;
    b.system.add(d);
    Point<double> point;
    point.tensors[a] = {{n, n}, numbers, {}};
    std::vector<std::vector<double>> result;
    TensorId last = y;
    for (std::size_t order = 0; order < orders; ++order) {
      last = order == 0 ? add_adjoints(b.system, y, std::span(&a, 1))[0] : add_jacobian(b.system, last, a);
      const TensorId before = b.c.tensor(last).of;
      expect_near(values(b.system, last, point), differences(b.system, before, a, point),
                  "order " + std::to_string(order + 1));
      result.push_back(values(b.system, last, point));
    }
    return result;
  };
  const auto two = derivatives(2, {1, 2, 2, 4}, 3);
  EXPECT_EQ(two[0], (std::vector<double>{4, -2, -2, 1}));
  EXPECT_EQ(two[1], (std::vector<double>{0, 0, 0, 1, 0, 0, -1, 0, 0, -1, 0, 0, 1, 0, 0, 0}));
  const auto none = derivatives(3, std::vector<double>(9, 0), 3);
  EXPECT_EQ(none[0], std::vector<double>(9, 0));
  EXPECT_EQ(none[1], std::vector<double>(81, 0));
  EXPECT_EQ(none[2][0 * 81 + 4 * 9 + 8], 1);  // ∂³det/∂a00∂a11∂a22
  derivatives(3, {1, 2, 3, 4, 5, 6, 7, 8, 9}, 2);
  derivatives(3, {1, 2, 3, 2, 4, 6, 3, 6, 9}, 2);  // rank 1
}

}  // namespace
}  // namespace gradc::test
