// Random programs: reverse mode, forward mode and differences agree, and no rewriting changes a value.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "compiler/checkpoint/segments.h"
#include "compiler/diff/derivative.h"
#include "compiler/equations/verify.h"
#include "compiler/operators/build.h"
#include "compiler/simplify/simplify.h"
#include "compiler/simplify/stabilise.h"
#include "tests/property/subject.h"

namespace gradc::test {
namespace {

// Differences where the function is smooth: a kink between the two points shows as one-sided slopes that
// differ.
void compare_with_differences(const Subject& s, const std::vector<std::vector<double>>& exact) {
  const Precise step(Rational::parse("1e-20").value());
  Point<Precise> point = to_precise(s.point);
  auto value = [&] { return Evaluator<Precise>(s.model.system, point).tensor(s.model.objective)->reals[0]; };
  const Precise here = value();
  for (std::size_t t = 0; t < s.wrt.size(); ++t) {
    Values<Precise>& x = point.tensors.at(s.wrt[t]);
    for (std::size_t k = 0; k < x.reals.size(); ++k) {
      const Precise at = x.reals[k];
      x.reals[k] = at + step;
      const double right = ((value() - here) / step).to_double();
      x.reals[k] = at - step;
      const double left = ((here - value()) / step).to_double();
      x.reals[k] = at;
      const double scale = 1 + std::abs(left) + std::abs(right);
      if (!(std::abs(right - left) <= 1e-12 * scale)) continue;  // a kink, or a jump
      EXPECT_NEAR(exact[t + 1][k], (left + right) / 2, 1e-11 * scale)
          << s.text << s.context->tensor(s.wrt[t]).name << " element " << k;
    }
  }
}

class RandomPrograms : public testing::TestWithParam<Policy> {};

// Derivatives of equations by what is given or defined, whole and by elements: the modes agree, and elements
// are those of the whole.
TEST_P(RandomPrograms, ElementsAndModesAgree) {
  const int count = programs_of_each_policy();
  for (int seed = 0; seed < count && !HasFailure(); ++seed) {
    std::string problem;
    const std::optional<Subject> s = make_subject(static_cast<std::uint64_t>(seed), GetParam(), problem);
    ASSERT_TRUE(s) << problem;
    Context& c = *s->context;
    std::mt19937_64 random(static_cast<std::uint64_t>(seed));
    for (TensorId of : s->model.equations) {
      const std::vector<DimId> dims = c.tensor(of).dims;
      if (c.tensor(of).type != Type::real || random() % 2 == 0) continue;
      const TensorId given = s->wrt[random() % s->wrt.size()],
                     other = s->model.equations[random() % s->model.equations.size()];
      const TensorId by = c.tensor(other).type == Type::real && random() % 3 == 0 ? other : given;
      System system = s->model.system;
      const TensorId forward = add_jacobian(system, of, by, Mode::forward),
                     reverse = add_jacobian(system, of, by, Mode::reverse);
      // Each axis of what it is taken by: an index of `of`, if it has one over that dim, or position 0.
      Element whole{of, {}}, element{by, {}};
      for (std::size_t a = 0; a < dims.size(); ++a)
        whole.at.push_back(c.position(Index::slot(static_cast<std::int32_t>(a), dims[a])));
      for (DimId dim : c.tensor(by).dims) {
        const auto same = std::ranges::find(dims, dim);
        element.at.push_back(same == dims.end() ? c.integer(0)
                                                : whole.at[static_cast<std::size_t>(same - dims.begin())]);
      }
      std::vector<Expr> subscripts = whole.at;
      subscripts.insert(subscripts.end(), element.at.begin(), element.at.end());
      const TensorId picked = c.add_tensor({.name = c.unused_name("picked"), .dims = dims});
      system.add({picked, Define{c.access(forward, subscripts)}});
      const TensorId f = add_element_derivative(system, whole, element, dims, {}, Mode::forward),
                     r = add_element_derivative(system, whole, element, dims, {}, Mode::reverse);
      ASSERT_EQ(verify(system), "") << s->text;
      const auto all = plain_values(system, {forward, reverse, picked, f, r}, s->point);
      ASSERT_EQ(all.size(), 5u) << s->text;
      for (const auto& [a, b] : {std::pair(0, 1), std::pair(2, 3), std::pair(2, 4)})
        for (std::size_t k = 0; k < all[static_cast<std::size_t>(a)].size(); ++k) {
          const double x = all[static_cast<std::size_t>(a)][k], y = all[static_cast<std::size_t>(b)][k];
          if (!std::isfinite(x) || !std::isfinite(y)) continue;
          ASSERT_NEAR(x, y, 1e-9 * (1 + std::abs(x)))
              << s->text << c.tensor(of).name << " by " << c.tensor(by).name << " " << a << b << " element "
              << k;
        }
    }
  }
}

// The system with bump[slots] added to what `by` is defined as: to move `bump` is to move `by` alone.
System bumped(const System& system, TensorId by, TensorId bump) {
  Context& c = system.context();
  System result(c);
  for (Definition d : system.definitions()) {
    if (d.tensor == by) d.rule = Define{d.define()->value + c.access_by_slots(bump)};
    result.add(std::move(d));
  }
  return result;
}

// Derivatives by what equations define, states of recurrences among them: each element is moved alone, and
// takes with it what is computed from it.
TEST_P(RandomPrograms, DerivativesByWhatIsDefined) {
  const int count = programs_of_each_policy() / 3;
  int compared = 0;
  for (int seed = 0; seed < count && !HasFailure(); ++seed) {
    std::string problem;
    const std::optional<Subject> s = make_subject(static_cast<std::uint64_t>(seed), GetParam(), problem);
    ASSERT_TRUE(s) << problem;
    Context& c = *s->context;
    std::mt19937_64 random(static_cast<std::uint64_t>(seed));
    const std::vector<TensorId>& equations = s->model.equations;
    for (TensorId by : equations) {
      const Definition* definition = s->model.system.find(by);
      if (!definition || !definition->define() || c.tensor(by).type != Type::real) continue;
      const TensorId of = equations[random() % equations.size()];
      if (c.tensor(of).type != Type::real) continue;
      const TensorId bump = c.add_tensor({.name = c.unused_name("bump"), .dims = c.tensor(by).dims});
      System system = s->model.system, other = bumped(system, by, bump);
      Point<double> point = s->point;
      Values<double>& zeros = point.tensors[bump];
      zeros.reals.assign(set_extents(zeros, c, c.tensor(by).dims, s->point), 0);
      const TensorId want = add_jacobian(other, of, bump, Mode::reverse),
                     forward = add_jacobian(system, of, by, Mode::forward),
                     reverse = add_jacobian(system, of, by, Mode::reverse);
      ASSERT_EQ(verify(system), "") << s->text;
      const auto wanted = plain_values(other, {want}, point);
      const auto values = plain_values(system, {forward, reverse}, s->point);
      ASSERT_EQ(values.size(), 2u) << s->text;
      for (std::size_t k = 0; k < wanted[0].size(); ++k) {
        const double x = wanted[0][k];
        if (!std::isfinite(x)) continue;
        ++compared;
        for (std::size_t mode : {0, 1})
          ASSERT_NEAR(x, values[mode][k], 1e-9 * (1 + std::abs(x)))
              << (mode == 0 ? "forward " : "reverse ") << s->text << c.tensor(of).name << " by "
              << c.tensor(by).name << " element " << k;
      }
    }
  }
  EXPECT_GE(compared, count) << "too few to mean much";
}

TEST_P(RandomPrograms, DerivativesAgree) {
  int finite = 0, in_pieces = 0;
  const int count = GetParam() == Policy::recurrences
                        ? programs_of_each_policy() / 4
                        : programs_of_each_policy();  // long chains, in 100 digits
  for (int seed = 0; seed < count && !HasFailure(); ++seed) {
    std::string problem;
    const std::optional<Subject> s = make_subject(static_cast<std::uint64_t>(seed), GetParam(), problem);
    ASSERT_TRUE(s) << problem << random_program(static_cast<std::uint64_t>(seed), GetParam()).whole();
    const auto exact = exact_values(*s);
    ASSERT_FALSE(exact.empty()) << s->text;
    if (std::isfinite(exact[0][0])) ++finite;
    const auto plain = plain_values(s->derived, s->wanted, s->point);
    EXPECT_EQ(disagreement(exact, plain, plain), "") << s->text;
    const System simplified = simplify(s->derived);
    EXPECT_EQ(disagreement(exact, plain, plain_values(simplified, s->wanted, s->point)), "") << "simplified\n"
                                                                                             << s->text;
    const System stabilised = stabilise(simplified);
    EXPECT_EQ(disagreement(exact, plain, plain_values(stabilised, s->wanted, s->point)), "") << "stabilised\n"
                                                                                             << s->text;
    const System cut = in_segments(stabilised);
    EXPECT_EQ(verify(cut), "") << s->text;
    EXPECT_EQ(disagreement(exact, plain, plain_values(cut, s->wanted, s->point)), "") << "in segments\n"
                                                                                      << s->text;
    if (cut.definitions().size() > stabilised.definitions().size()) ++in_pieces;
    if (seed % 4 == 0) {
      System forward = s->model.system;
      std::vector<TensorId> jacobians{s->model.objective};
      for (TensorId t : s->wrt) jacobians.push_back(add_jacobian(forward, s->model.objective, t));
      EXPECT_EQ(disagreement(exact, plain, plain_values(forward, jacobians, s->point)), "") << "forward\n"
                                                                                            << s->text;
    }
    // `stop` is what differences cannot see.
    if (seed % 8 == 0 && s->text.find("stop(") == std::string::npos) compare_with_differences(*s, exact);
  }
  EXPECT_GE(finite, count * 8 / 10) << "too few programs have finite values to mean much";
  if (GetParam() == Policy::recurrences) EXPECT_GE(in_pieces, count / 4) << "too few are cut into segments";
}

std::string name_of(const testing::TestParamInfo<Policy>& info) {
  static const char* const names[] = {"balanced", "deep",        "wide",       "kinky",
                                      "choices",  "reductions",  "matrices",   "batches",
                                      "iterates", "recurrences", "derivatives"};
  return names[static_cast<int>(info.param)];
}

INSTANTIATE_TEST_SUITE_P(All, RandomPrograms,
                         testing::Values(Policy::balanced, Policy::deep, Policy::wide, Policy::kinky,
                                         Policy::choices, Policy::reductions, Policy::matrices,
                                         Policy::batches, Policy::iterates, Policy::recurrences,
                                         Policy::derivatives),
                         name_of);

}  // namespace
}  // namespace gradc::test
