// Gradients worked out by hand, where only some of the elements count.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include "compiler/diff/derivative.h"
#include "compiler/operators/evaluate.h"
#include "tests/diff/systems.h"

namespace gradc::test {
namespace {

std::vector<double> gradient(Builder& b, TensorId of, TensorId by, std::vector<double> values) {
  System system = b.system;
  const TensorId adjoint = add_adjoints(system, of, std::span(&by, 1))[0];
  Point<double> point;
  point.tensors[by] = {{static_cast<std::int64_t>(values.size())}, std::move(values), {}};
  return Evaluator<double>(system, point).tensor(adjoint)->reals;
}

TEST(ByHand, OfEverySecondElement) {
  Builder b;
  const DimId N = b.dim("N", 6), M = b.dim("M", 3);
  const TensorId x = b.given("x", {N});
  const Binder m = b.c.over(M, "m");
  const TensorId e = b.define("E", {}, sum({m}, pow(b(x, {2 * b.at(m)}), 2)));
  EXPECT_EQ(gradient(b, e, x, {1, 2, 3, 4, 5, 6}), (std::vector<double>{2, 0, 6, 0, 10, 0}));
}

TEST(ByHand, OfAMaximumIsSharedByTies) {
  Builder b;
  const DimId N = b.dim("N", 4);
  const TensorId x = b.given("x", {N});
  const Binder i[] = {b.c.over(N, "i")};
  const TensorId e = b.define("E", {}, b.c.reduce(reduce_max, i, b.c.boolean(true), b(x, {b.at(i[0])})));
  EXPECT_EQ(gradient(b, e, x, {1, 3, 0, 3}), (std::vector<double>{0, 0.5, 0, 0.5}));
}

}  // namespace
}  // namespace gradc::test
