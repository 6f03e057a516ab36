// Values of reductions, of nothing, of NaN and infinities; and their shares, evaluated by hand at ties and
// zeros. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "compiler/operators/build.h"
#include "compiler/operators/precise.h"
#include "compiler/operators/table.h"

namespace gradc {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
double of(const ReductionOperator& op, std::vector<double> terms) { return op.evaluate(terms); }

TEST(Reduction, OfNothing) {
  EXPECT_EQ(of(reduce_sum, {}), 0);
  EXPECT_EQ(of(reduce_prod, {}), 1);
  EXPECT_EQ(of(reduce_max, {}), -infinity);
  EXPECT_EQ(of(reduce_min, {}), infinity);
  EXPECT_EQ(of(reduce_logsumexp, {}), -infinity);
  EXPECT_EQ(of(reduce_argmax, {}), -1);
  for (const ReductionOperator* op : all_reductions())
    if (op->evaluate) {
      EXPECT_EQ(of(*op, {}), op->identity) << op->name;
    }
}

TEST(Reduction, Values) {
  EXPECT_EQ(of(reduce_sum, {1, 2, 4}), 7);
  EXPECT_EQ(of(reduce_prod, {2, 0, 3}), 0);
  EXPECT_EQ(of(reduce_max, {1, 3, 3}), 3);
  EXPECT_EQ(of(reduce_min, {1, 3, 1}), 1);
  EXPECT_EQ(of(reduce_argmax, {1, 3, 3}), 1);
  EXPECT_EQ(of(reduce_argmin, {1, 3, 1}), 0);
  EXPECT_FALSE(std::signbit(of(reduce_max, {-0.0, 0.0, -0.0})));
  EXPECT_TRUE(std::signbit(of(reduce_min, {0.0, -0.0, 0.0})));
  for (const ReductionOperator* op : {&reduce_sum, &reduce_prod, &reduce_max, &reduce_min, &reduce_logsumexp})
    EXPECT_TRUE(std::isnan(of(*op, {1, NAN, 2}))) << op->name;
}

// Pitfalls: log-sum-exp of great terms and of infinities.
TEST(Reduction, LogSumExpDoesNotOverflow) {
  EXPECT_EQ(of(reduce_logsumexp, {1000, 1000}), 1000.6931471805599);
  EXPECT_EQ(of(reduce_logsumexp, {-infinity, -infinity}), -infinity);
  EXPECT_EQ(of(reduce_logsumexp, {infinity, 1}), infinity);
  const Operator& share = *find_operator("exp_difference");
  auto share_of = [&](double term, double y) {
    const double x[] = {term, y};
    return share.evaluate(x);
  };
  EXPECT_EQ(share_of(1000, 1000.6931471805599), std::exp(1000 - 1000.6931471805599));
  EXPECT_EQ(share_of(-infinity, -infinity), 0);
  EXPECT_EQ(share_of(infinity, infinity), 1);
  EXPECT_EQ(share_of(1, infinity), 0);
}

TEST(Reduction, PreciseAgrees) {
  const std::vector<double> terms = {0.5, -1.25, 3, 3, 0.125};
  const std::vector<Precise> precise(terms.begin(), terms.end());
  for (const ReductionOperator* op : all_reductions()) {
    if (op->evaluate) {
      EXPECT_NEAR(op->evaluate(terms), op->evaluate_precise(precise).to_double(), 1e-15) << op->name;
    }
    EXPECT_EQ(op->evaluate == nullptr, op->term != Type::real) << op->name;
    EXPECT_EQ(op->evaluate_integer == nullptr, op->term == Type::real) << op->name;
  }
}

// The shape of the shares; their numbers are tested where systems are differentiated.
TEST(Reduction, Shares) {
  Context c;
  const DimId dim = c.add_dim({.name = "N"});
  const TensorId x = c.add_tensor({.name = "x", .dims = {dim}});
  const Binder i = c.over(dim, "i");
  const Expr term = c.access(x, {c.position(i.index)});
  for (const ReductionOperator* op : all_reductions()) {
    if (!op->share) continue;
    SCOPED_TRACE(op->name);
    const Binder binders[] = {i};
    const Expr y = c.reduce(*op, binders, c.boolean(true), term);
    const Expr share = op->share(c, {op, {i}, c.boolean(true), term}, y);
    EXPECT_EQ(share->type, Type::real);
    for (Index free : share->free) EXPECT_EQ(free, i.index);
  }
}

}  // namespace
}  // namespace gradc
