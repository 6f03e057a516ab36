// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace gradc {
namespace {

// The known answers that come with Random123 (kat_vectors, philox4x32 10).
TEST(Philox, GivesThePublishedAnswers) {
  EXPECT_EQ(philox4x32_10({0, 0, 0, 0}, {0, 0}),
            (PhiloxCounter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox4x32_10({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
            (PhiloxCounter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox4x32_10({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (PhiloxCounter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(RandomStream, DependsOnSeedNameStepAndPosition) {
  const std::uint64_t here = RandomStream(7, "w", 1).bits(5);
  EXPECT_EQ(here, RandomStream(7, "w", 1).bits(5));
  EXPECT_NE(here, RandomStream(8, "w", 1).bits(5));
  EXPECT_NE(here, RandomStream(7, "v", 1).bits(5));
  EXPECT_NE(here, RandomStream(7, "w", 2).bits(5));
  EXPECT_NE(here, RandomStream(7, "w", 1).bits(4));
}

// Means and variances of 10^5 draws, within five standard errors of what they should be.
TEST(RandomStream, HasTheRightMoments) {
  constexpr int n = 100000;
  const RandomStream random(1, "moments");
  double uniform = 0, square = 0, normal = 0, normal_square = 0;
  for (int i = 0; i < n; ++i) {
    const double u = random.uniform(static_cast<std::uint64_t>(i)),
                 z = random.normal(static_cast<std::uint64_t>(i));
    ASSERT_TRUE(u >= 0 && u < 1);
    uniform += u, square += (u - 0.5) * (u - 0.5), normal += z, normal_square += z * z;
  }
  EXPECT_NEAR(uniform / n, 0.5, 5 * std::sqrt(1.0 / 12 / n));
  EXPECT_NEAR(square / n, 1.0 / 12, 5 * std::sqrt(1.0 / 180 / n));
  EXPECT_NEAR(normal / n, 0, 5 * std::sqrt(1.0 / n));
  EXPECT_NEAR(normal_square / n, 1, 5 * std::sqrt(2.0 / n));
}

TEST(Permutation, HoldsEveryNumberOnce) {
  for (const std::int64_t n : {0, 1, 2, 1000}) {
    std::vector<std::int64_t> order = permutation(n, RandomStream(3, "order"));
    std::sort(order.begin(), order.end());
    for (std::int64_t i = 0; i < n; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
  }
}

// 24,000 orders of four things: each of the 24 comes about 1,000 times (five standard deviations).
TEST(Permutation, MakesEveryOrderEquallyLikely) {
  std::map<std::vector<std::int64_t>, int> seen;
  for (std::uint64_t step = 0; step < 24000; ++step) ++seen[permutation(4, RandomStream(3, "order", step))];
  ASSERT_EQ(seen.size(), 24U);
  for (const auto& [order, times] : seen) EXPECT_NEAR(times, 1000, 5 * std::sqrt(1000.0));
}

}  // namespace
}  // namespace gradc
