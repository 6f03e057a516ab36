// Claims from text, over a few names.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/claims/decide.h"
#include "compiler/claims/prove.h"
#include "tests/sema/checked.h"

namespace gradc::test {

inline const char* const declared = R"(dim N, K = 3
input x, y, z
param u[N], v[N], A[N, N], B[N, N], p[K], q[K]
const c = 3, tenth = 0.1
f(t) = t^3 - 2*t
g(t) = sin(t)*exp(t)
)";

inline Checked with_claim(const std::string& claim, const std::string& file = declared) {
  return checked(file + "claim " + claim + "\n");
}

// A claim's verdict, and what the prover alone says of it.
struct Decided {
  Verdict verdict{Verdict::Kind::open};
  bool proved = false;
};
inline Decided decided(const std::string& claim, const std::string& file = declared) {
  const Checked model = with_claim(claim, file);
  EXPECT_TRUE(model.model) << claim << "\n" << model.said;
  if (!model.model) return {};
  const Claim& stated = model.model->claims.back();
  return {decide(*model.model, stated, 0), is_proved(claimed_system(*model.model, stated))};
}

}  // namespace gradc::test
