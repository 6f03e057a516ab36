// Random programs: reverse mode, forward mode and differences agree, and no rewriting changes a value.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "compiler/diff/derivative.h"
#include "compiler/simplify/simplify.h"
#include "compiler/simplify/stabilise.h"
#include "tests/property/subject.h"

namespace gradc::test {
namespace {

// GRADC_PROGRAMS sets how many programs of each policy are tried (./dev soak sets many).
int programs() {
  const char* text = std::getenv("GRADC_PROGRAMS");
  return text ? std::atoi(text) : 334;
}

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

TEST_P(RandomPrograms, DerivativesAgree) {
  int finite = 0;
  const int count = programs();
  for (int seed = 0; seed < count && !HasFailure(); ++seed) {
    std::string problem;
    const std::optional<Subject> s = make_subject(static_cast<std::uint64_t>(seed), GetParam(), problem);
    ASSERT_TRUE(s) << problem << random_program(static_cast<std::uint64_t>(seed), GetParam());
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
}

std::string name_of(const testing::TestParamInfo<Policy>& info) {
  static const char* const names[] = {"balanced", "deep", "wide", "kinky", "choices", "reductions"};
  return names[static_cast<int>(info.param)];
}

INSTANTIATE_TEST_SUITE_P(All, RandomPrograms,
                         testing::Values(Policy::balanced, Policy::deep, Policy::wide, Policy::kinky,
                                         Policy::choices, Policy::reductions),
                         name_of);

}  // namespace
}  // namespace gradc::test
