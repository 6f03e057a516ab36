// What is said of a claim.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "compiler/claims/missing.h"

namespace gradc {

struct Verdict {
  enum class Kind : std::uint8_t {
    proved,     // equal wherever one of them has a value
    tested,     // equal at points
    wrong,      // there is a point where they differ
    undecided,  // no point was found at which both have values
    open,       // not filled in yet
  } kind;
  ClaimTest test = {};
  // Where they differ, or where only one has a value: the point, and which of it the claim reads.
  std::optional<Point<Precise>> point = {};
  std::vector<TensorId> given = {};
  std::set<DimId> reads_size = {};
  std::optional<Missing> missing = {};
};

// "proved"
std::string_view name_of(Verdict::Kind kind);

Verdict decide(const Model& model, const Claim& claim, std::uint64_t seed);

}  // namespace gradc
