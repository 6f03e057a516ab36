// Claims made from random programs: a derivative had forwards is the one had backwards, and is never called
// wrong; with a sign or a factor changed it is never proved.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include <span>

#include "compiler/claims/decide.h"
#include "compiler/claims/prove.h"
#include "tests/random/random_program.h"
#include "tests/sema/checked.h"

namespace gradc::test {
namespace {

constexpr std::uint64_t programs_each = 2;

class RandomClaims : public testing::TestWithParam<Policy> {};

TEST_P(RandomClaims, AreDecidedRight) {
  int proved = 0, altered = 0;
  for (std::uint64_t seed = 0; seed < programs_each; ++seed) {
    const std::string text = random_program(seed + 1000, GetParam()).whole();
    const Checked plain = checked(text);
    ASSERT_TRUE(plain.model) << plain.said << text;
    std::string claims, name;
    for (const Declaration& d : plain.model->declarations)
      if (plain.context->tensor(d.tensor).type == Type::real) name = plain.context->tensor(d.tensor).name;
    const std::string reverse = "claim diff(E, " + name + ", mode = reverse) = ",
                      forward = "diff(E, " + name + ", mode = forward)";
    const Checked with = checked(text + reverse + forward + "\n" + reverse + "-(" + forward + ")\n" +
                                 reverse + "(1 + 1e-12)*" + forward + "\n");
    ASSERT_TRUE(with.model) << with.said << text;
    // Before them stand the derivatives that functions state.
    ASSERT_GE(with.model->claims.size(), 3u);
    const std::span stated = std::span(with.model->claims).first(with.model->claims.size() - 3);
    for (const Claim& claim : stated)
      EXPECT_NE(decide(*with.model, claim, seed).kind, Verdict::Kind::wrong) << text;
    const std::span made = std::span(with.model->claims).last(3);
    const Verdict truth = decide(*with.model, made[0], seed);
    EXPECT_NE(truth.kind, Verdict::Kind::wrong) << text << name;
    proved += truth.kind == Verdict::Kind::proved;
    for (const std::size_t k : {1, 2}) {
      const ClaimedSystem claimed = claimed_system(*with.model, made[k]);
      const ClaimTest tested = test_claim(claimed, ClaimPoints(*with.model, claimed.system, seed));
      // It is true where the derivative is 0 everywhere.
      if (!tested.wrong) continue;
      ++altered;
      EXPECT_FALSE(is_proved(claimed)) << text << name;
    }
  }
  EXPECT_GT(altered, 0);
  RecordProperty("proved", proved);
}

INSTANTIATE_TEST_SUITE_P(All, RandomClaims,
                         testing::Values(Policy::balanced, Policy::deep, Policy::wide, Policy::kinky,
                                         Policy::choices, Policy::reductions));

}  // namespace
}  // namespace gradc::test
