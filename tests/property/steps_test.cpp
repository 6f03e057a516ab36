// Random programs: every line of every derivation is equal to the derivative that it ends in.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "compiler/diff/derivative.h"
#include "compiler/equations/walk.h"
#include "compiler/simplify/simplify.h"
#include "compiler/steps/formal.h"
#include "compiler/steps/steps.h"
#include "tests/property/subject.h"

namespace gradc::test {
namespace {

constexpr int programs = 12;  // of each policy

// The line with every derivative that it still asks for taken at once.
Expr without_formal(const System& system, Expr line) {
  return rewrite(line, [&](Expr e) {
    if (!is_formal(e)) return e;
    Expr body = e->operands[1];
    const Expr target = e->operands[0];
    if (body->kind == ExprKind::access && body->tensor != target->tensor)
      body = instantiate(system.find(body->tensor)->define()->value, body->arguments());
    const Expr slope = gradient(body, target->tensor, target->arguments());
    return slope ? slope : e->context->real(0);
  });
}

bool asks_for_derivatives(Expr line) {
  return std::ranges::any_of(reachable_nodes(line), [](Expr e) { return is_formal(e); });
}

std::vector<double> values_of(const System& system, TensorId like, Expr line, const Subject& s) {
  Context& c = system.context();
  System with = system;
  const TensorId t = c.add_tensor({.name = c.unused_name("line"), .dims = c.tensor(like).dims});
  with.add({t, Define{without_formal(system, line)}, {}, {}});
  const Point<Precise> point = to_precise(s.point);
  const auto values = Evaluator<Precise>(with, point).tensor(t);
  std::vector<double> result;
  if (values)
    for (const Precise& x : values->reals) result.push_back(x.to_double());
  return result;
}

class Steps : public testing::TestWithParam<Policy> {};

TEST_P(Steps, EveryLineIsTheDerivative) {
  int lines = 0;
  for (std::uint64_t seed = 0; seed < programs && !HasFailure(); ++seed) {
    std::string problem;
    const std::optional<Subject> s = make_subject(seed, GetParam(), problem);
    ASSERT_TRUE(s) << problem;
    std::vector<SystemStep> steps;
    const System simple = simplify(s->derived, &steps);
    for (const Chain& chain : derivation_chains(s->derived, simple, steps)) {
      const std::vector<double> last = values_of(s->derived, chain.tensor, chain.lines.back().value, *s);
      const bool forward = s->context->tensor(chain.tensor).role == Role::tangent;
      for (const StepLine& line : chain.lines) {
        if (forward && asks_for_derivatives(line.value)) continue;  // of all that lies below, not of one term
        const std::vector<double> here = values_of(s->derived, chain.tensor, line.value, *s);
        ASSERT_EQ(here.size(), last.size()) << s->text;
        EXPECT_FALSE(line.rules.empty());
        ++lines;
        for (std::size_t k = 0; k < here.size(); ++k) {
          if (!std::isfinite(last[k]) || !std::isfinite(here[k])) continue;
          ASSERT_NEAR(here[k], last[k], 1e-12 * (1 + std::abs(last[k])))
              << s->text << s->context->tensor(chain.tensor).name << " element " << k << ", "
              << line.rules.front().name;
        }
      }
    }
  }
  EXPECT_GT(lines, 10 * programs);
}

INSTANTIATE_TEST_SUITE_P(All, Steps,
                         testing::Values(Policy::balanced, Policy::deep, Policy::wide, Policy::kinky,
                                         Policy::choices, Policy::reductions, Policy::matrices));

}  // namespace
}  // namespace gradc::test
