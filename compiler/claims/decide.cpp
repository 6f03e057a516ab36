// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/claims/decide.h"

#include "compiler/claims/prove.h"

namespace gradc {
namespace {

// Run-time sizes that show in a tensor that is given, or in the claim's own axes.
std::set<DimId> sizes_read(const Context& c, const Claim& claim, const std::vector<TensorId>& given) {
  std::set<DimId> dims;
  const auto add = [&](DimId dim) {
    if (c.dim(dim).kind == Dim::Kind::run_time) dims.insert(dim);
  };
  for (const TensorId t : given)
    for (const DimId dim : c.tensor(t).dims) add(dim);
  for (const DimId dim : claim.dims) add(dim);
  return dims;
}

}  // namespace

std::string_view name_of(Verdict::Kind kind) {
  constexpr std::string_view names[] = {"proved", "tested", "wrong", "undecided", "open"};
  return names[static_cast<std::size_t>(kind)];
}

Verdict decide(const Model& model, const Claim& claim, std::uint64_t seed) {
  if (claim.blank) return {Verdict::Kind::open};
  const ClaimedSystem claimed = claimed_system(model, claim);
  Verdict verdict{Verdict::Kind::tested};
  const ClaimPoints points(model, claimed.system, seed);
  verdict.test = test_claim(claimed, points);
  const auto& at = verdict.test.wrong ? verdict.test.wrong : verdict.test.only_one_defined;
  if (at) verdict.point = points.draw(at->point);
  verdict.given = points.given();
  verdict.reads_size = sizes_read(claimed.system.context(), claim, verdict.given);
  if (verdict.test.wrong) {
    verdict.kind = Verdict::Kind::wrong;
    verdict.missing = missing(model, claim, seed);
  } else if (!verdict.test.only_one_defined && is_proved(claimed)) {
    verdict.kind = Verdict::Kind::proved;
  } else if (verdict.test.points == 0) {
    verdict.kind = Verdict::Kind::undecided;
  }
  return verdict;
}

}  // namespace gradc
