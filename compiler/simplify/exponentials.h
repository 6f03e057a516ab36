// Products and logarithms of exponentials and of sums of exponentials, as the machine should compute them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/simplify/match.h"
#include "compiler/simplify/reduction.h"

namespace gradc {

// What a product or logarithm becomes; null if it is fine. `see` shows what stands behind a name.
Rewritten rewrite_exponentials(Expr e, LookThrough see, const void* state);

}  // namespace gradc
