// A batch of one is the system of one example, and a batch is the sum of its examples.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/batch/batch.h"

#include <gtest/gtest.h>

#include "compiler/diff/derivative.h"
#include "compiler/equations/verify.h"
#include "compiler/operators/build.h"
#include "tests/diff/systems.h"
#include "tests/support/differences.h"

namespace gradc::test {
namespace {

struct Layer : Builder {
  DimId D = dim("D", 3), H = dim("H", 2);
  TensorId x = given("x", {D}, Role::input), label = members("label", {}, H);
  TensorId w = given("w", {D, H}), b = given("b", {H});
  TensorId z, e;
  Layer() {
    const Binder d = c.over(D, "d"), h = c.over(H, "h");
    const Expr j = slot(0, H);
    z = define("z", {H}, tanh(sum({d}, (*this)(x, {at(d)}) * (*this)(w, {at(d), j})) + (*this)(b, {j})));
    e = define("E", {}, sum({h}, exp((*this)(z, {at(h)}))) - (*this)(z, {(*this)(label)}));
    system.set_outputs({e});
  }
};

TEST(Batch, OfOneIsTheExample) {
  Layer m;
  Batched batched = batch(m.system);
  EXPECT_EQ(verify(batched.system), "");
  EXPECT_TRUE(batched.per_example(m.e));
  EXPECT_FALSE(batched.per_example(m.w));
  Point<double> one, many;
  one.tensors[m.label] = {{}, {}, {1}};
  std::mt19937_64 random(3);
  fill_given(m.system, one, random);
  many.sizes[batched.batch] = 1;
  for (auto& [t, values] : one.tensors) {
    Values<double> v = values;
    if (batched.per_example(t)) v.extents.insert(v.extents.begin(), 1);
    many.tensors[batched(t)] = v;
  }
  EXPECT_EQ(Evaluator<double>(m.system, one).tensor(m.e)->reals,
            Evaluator<double>(batched.system, many).tensor(batched(m.e))->reals);
}

TEST(Batch, GradientOfTheSumIsTheSumOfGradients) {
  Layer m;
  Batched batched = batch(m.system);
  const TensorId total = add_batch_sum(batched, m.e);
  const TensorId wrt[] = {m.w, m.b};
  const auto whole = add_adjoints(batched.system, total, wrt);
  EXPECT_EQ(verify(batched.system), "");
  System single = m.system;
  const auto each = add_adjoints(single, m.e, wrt);
  constexpr int n = 4;
  std::mt19937_64 random(5);
  Point<double> many;
  many.sizes[batched.batch] = n;
  Values<double> xs{{n, 3}, {}, {}}, labels{{n}, {}, {}};
  Point<double> shared;
  fill_given(m.system, shared, random);
  many.tensors[m.w] = shared.tensors[m.w];
  many.tensors[m.b] = shared.tensors[m.b];
  std::vector<std::vector<double>> sums(2);
  for (int i = 0; i < n; ++i) {
    Point<double> one;
    one.tensors[m.w] = shared.tensors[m.w];
    one.tensors[m.b] = shared.tensors[m.b];
    one.tensors[m.label] = {{}, {}, {i % 2}};
    fill_given(m.system, one, random);
    for (double v : one.tensors[m.x].reals) xs.reals.push_back(v);
    labels.integers.push_back(i % 2);
    Evaluator<double> at(single, one);
    for (int k = 0; k < 2; ++k) {
      const auto g = at.tensor(each[static_cast<std::size_t>(k)]);
      auto& sum = sums[static_cast<std::size_t>(k)];
      sum.resize(g->reals.size());
      for (std::size_t j = 0; j < sum.size(); ++j) sum[j] += g->reals[j];
    }
  }
  many.tensors[batched(m.x)] = xs;
  many.tensors[batched(m.label)] = labels;
  Evaluator<double> at(batched.system, many);
  for (std::size_t k = 0; k < 2; ++k) {
    const auto g = at.tensor(whole[k]);
    ASSERT_TRUE(g);
    for (std::size_t j = 0; j < sums[k].size(); ++j) EXPECT_NEAR(g->reals[j], sums[k][j], 1e-13);
  }
}

// y_n = x_n*w, mu = mean(batch) y, E_n = (y_n - mu)^2: the batch couples its examples.
TEST(Batch, DerivativesGoThroughWhatIsReducedOverIt) {
  struct Spread : Builder {
    TensorId x = given("x", {}, Role::input), w = given("w", {});
    TensorId y = define("y", {}, (*this)(x) * (*this)(w)), mu, e;
    Spread() {
      const DimId all = batch_dim(c);
      const Binder n = c.over(all, "n");
      mu = define("mu", {}, sum({n}, (*this)(y)) / to_real(c.size(all)));
      e = define("E", {}, pow((*this)(y) - (*this)(mu), Rational(2)));
      system.set_outputs({e});
    }
  } m;
  Batched batched = batch(m.system);
  EXPECT_EQ(verify(batched.system), "");
  EXPECT_TRUE(batched.per_example(m.y));
  EXPECT_FALSE(batched.per_example(m.mu));
  const TensorId total = add_batch_sum(batched, m.e);
  const TensorId wrt[] = {m.w, batched(m.x)};
  const auto adjoints = add_adjoints(batched.system, total, wrt);
  Point<double> point;
  point.sizes[batched.batch] = 3;
  point.tensors[batched(m.x)] = {{3}, {1, 2, 6}, {}};
  point.tensors[m.w] = {{}, {2}, {}};
  Evaluator<double> at(batched.system, point);
  EXPECT_NEAR(at.tensor(total)->reals[0], 4 * 14, 1e-12);
  EXPECT_NEAR(at.tensor(adjoints[0])->reals[0], 2 * 2 * 14, 1e-12);  // w²·Σ(x - x̄)²
  const auto by_x = at.tensor(adjoints[1])->reals;                   // 2 w² (x_n - x̄)
  EXPECT_NEAR(by_x[0], -16, 1e-12);
  EXPECT_NEAR(by_x[1], -8, 1e-12);
  EXPECT_NEAR(by_x[2], 24, 1e-12);
}

}  // namespace
}  // namespace gradc::test
