// A claim at points: both sides by the reference evaluator in 100 digits.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <optional>
#include <vector>

#include "compiler/claims/points.h"

namespace gradc {

// Sides that agree to so many digits, measured by the larger of them and 1, count as equal.
inline constexpr int digits_compared = 50;

struct SidesAt {
  std::size_t point;                   // of ClaimPoints
  std::vector<std::int64_t> position;  // of the claim's indices
  Precise left, right;
};

struct ClaimTest {
  std::size_t points = 0;                   // at which both sides have values
  std::optional<SidesAt> wrong;             // where they differ
  std::optional<SidesAt> only_one_defined;  // where one of them has a value and the other none
};

ClaimTest test_claim(const ClaimedSystem& claimed, const ClaimPoints& points);

// Whether a claim's sides count as equal.
bool nearly_equal(const Precise& left, const Precise& right);

// The positions of a claim's indices at a point, in row-major order.
std::vector<std::int64_t> position_of(std::size_t offset, const std::vector<std::int64_t>& extents);

}  // namespace gradc
