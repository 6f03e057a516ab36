// The table tests itself: both sides of every rule are evaluated at random points, to 50 digits and in
// doubles. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <set>

#include "compiler/equations/walk.h"
#include "compiler/operators/evaluate.h"
#include "compiler/simplify/match.h"
#include "compiler/simplify/rewriter.h"
#include "tests/simplify/print.h"

namespace gradc::test {
namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
const double extremes[] = {0.0, -0.0, 1.0, -1.0, inf, -inf, std::nan(""), 1e308, -1e-308, 5e-324};

// The value of an expression over the holes at a point; conditions have been put in as constants.
template <class Real>
std::optional<Real> value_at(Context& c, Expr e, const Point<Real>& point) {
  System s(c);
  const TensorId t = c.add_tensor({.name = c.unused_name("v"), .role = Role::derived, .dims = {}});
  s.add({t, Define{e}});
  s.set_outputs({t});
  const auto values = Evaluator<Real>(s, point).tensor(t);
  return values ? std::optional<Real>(values->reals[0]) : std::nullopt;
}

// A rule's side in another Context, its holes filled. Recursive: rules are small.
Expr copied(Expr e, Context& to, const Match& holes, std::map<Index, Index>& indices) {
  std::vector<Expr> operands;
  auto copy = [&](Expr part) { return copied(part, to, holes, indices); };
  if (e->kind == ExprKind::reduce) {
    OpenedReduction r = open(e);
    for (Binder& b : r.binders) {
      const Index fresh = to.fresh_index({}, "k");
      b = {indices[b.index] = fresh, copy(b.lower), copy(b.upper)};
    }
    r.guard = copy(r.guard);
    r.body = copy(r.body);
    return close(to, r);
  }
  if (e->kind != ExprKind::access)
    for (Expr operand : e->operands) operands.push_back(copy(operand));
  switch (e->kind) {
    case ExprKind::constant: return to.constant(*e->value, e->type);
    case ExprKind::position: return to.position(indices.at(e->index));
    case ExprKind::access:
      for (const auto& [hole, content] : holes)
        if (hole == e->tensor) return content;
      break;
    case ExprKind::apply: return to.apply(*e->op, operands);
    case ExprKind::choose: return to.choose(operands[0], operands[1], operands[2]);
    case ExprKind::size:
    case ExprKind::reduce: break;
  }
  ADD_FAILURE() << "a rule with something new inside";
  return Expr();
}
Expr copied(Expr e, Context& to, const Match& holes) {
  std::map<Index, Index> indices;
  return copied(e, to, holes, indices);
}

struct Instance {
  Expr left, right;
};

// The rule with its conditions decided, in a Context of its own; p, q: bits 0 and 1 of `conditions`.
Instance instance(const Rule& rule, Context& c, std::map<std::string, TensorId>& reals, unsigned conditions) {
  const Context& patterns = rule_table().patterns();
  Match holes;
  for (Expr e : reachable_nodes(rule.left)) {
    if (e->kind != ExprKind::access) continue;
    const std::string& name = patterns.tensor(e->tensor).name;
    if (e->type == Type::boolean) {
      holes.emplace_back(e->tensor, c.boolean((conditions >> (name == "q" ? 1 : 0)) & 1));
    } else {
      const TensorId t = c.add_tensor({.name = name, .role = Role::param, .dims = {}});
      reals[name] = t;
      holes.emplace_back(e->tensor, c.access(t));
    }
  }
  return {copied(rule.left, c, holes), copied(rule.right, c, holes)};
}

class Rules : public testing::TestWithParam<std::size_t> {
 protected:
  const Rule& rule() const { return rule_table().rules()[GetParam()]; }
};

TEST_P(Rules, BothSidesAreEqual) {
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> uniform(-3, 3);
  int compared = 0;
  for (unsigned conditions = 0; conditions < 4; ++conditions) {
    Context c;
    std::map<std::string, TensorId> reals;
    const Instance sides = instance(rule(), c, reals, conditions);
    for (int k = 0; k < 20; ++k) {
      Point<Precise> point;
      for (const auto& [name, t] : reals) point.tensors[t] = {{}, {Precise(uniform(random))}, {}};
      const auto left = value_at(c, sides.left, point), right = value_at(c, sides.right, point);
      ASSERT_TRUE(left && right) << rule().name;
      if (!isfinite(*left)) continue;  // outside of the rule's domain
      ++compared;
      EXPECT_LE(fabs(*left - *right), Precise(1e-40) * (Precise(1) + fabs(*left)))
          << rule().name << ": " << left->to_string() << " and " << right->to_string();
    }
  }
  EXPECT_GT(compared, 10) << "the rule was hardly tested";
}

TEST_P(Rules, ExactOnesAreEqualBitForBit) {
  if (rule().holds != Holds::exactly) return;
  for (unsigned conditions = 0; conditions < 4; ++conditions) {
    Context c;
    std::map<std::string, TensorId> reals;
    const Instance sides = instance(rule(), c, reals, conditions);
    for (double x : extremes)
      for (double y : extremes) {
        Point<double> point;
        double next = x;
        for (const auto& [name, t] : reals) {
          point.tensors[t] = {{}, {next}, {}};
          next = y;
        }
        const double left = value_at(c, sides.left, point).value(),
                     right = value_at(c, sides.right, point).value();
        const bool same = std::isnan(left)
                              ? std::isnan(right)
                              : std::bit_cast<std::uint64_t>(left) == std::bit_cast<std::uint64_t>(right);
        EXPECT_TRUE(same) << rule().name << " at " << x << ", " << y << ": " << left << " and " << right;
      }
  }
}

TEST_P(Rules, TheEngineAppliesThem) {
  if (rule().name == "own-value" || rule().name == "name-that-cancels") return;  // need a definition
  // The rule's own Context cannot be added to: its sides are copied with fresh holes, conditions as
  // comparisons.
  const Context& patterns = rule_table().patterns();
  Context c;
  const Expr zero = c.real(0);
  Match holes;
  for (Expr e : reachable_nodes(rule().left)) {
    if (e->kind != ExprKind::access) continue;
    const TensorId t =
        c.add_tensor({.name = patterns.tensor(e->tensor).name, .role = Role::param, .dims = {}});
    holes.emplace_back(e->tensor, e->type == Type::boolean ? less(c.access(t), zero) : c.access(t));
  }
  const Expr left = copied(rule().left, c, holes), right = copied(rule().right, c, holes);
  Rewriter rewriter(c, rule().reader);
  std::vector<Step> steps;
  rewriter.record(&steps);
  if (rule().holds == Holds::exactly) rewriter.only_written();
  const Expr result = rewriter(left);
  EXPECT_EQ(print(result), print(right)) << rule().name;
  bool used = false;
  for (const Step& step : steps) used = used || step.rule == &rule();
  EXPECT_TRUE(used) << rule().name << " was not used";
}

INSTANTIATE_TEST_SUITE_P(Table, Rules, testing::Range(std::size_t{0}, rule_table().rules().size()),
                         [](const auto& i) {
                           std::string name(rule_table().rules()[i.param].name);
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST(Table, NamesAreUnique) {
  std::set<std::string_view> names;
  for (const Rule& rule : rule_table().rules()) EXPECT_TRUE(names.insert(rule.name).second) << rule.name;
}

}  // namespace
}  // namespace gradc::test
