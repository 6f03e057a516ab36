// What flows back through a kink, computed once and not where it is used.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/equations/system.h"

namespace gradc::kernel {

// Adjoints that sums filter by what the forward equations have computed get a name: of
//   w̄[m, k] = sum(n if 0 < z[n, k]) ā[n, k]*x[n, m]
// the filtered ones are s[n, k] = if 0 < z[n, k] then ā[n, k] else 0, and the sum is a product of matrices. So
// it is where an activation has a name; `relu(x @ w + b)` written in one has none. Left alone is a sum with
// factors that might be infinite or no number where the filter does not hold, for 0 times these is not 0.
System with_seeds(const System& system);

}  // namespace gradc::kernel
