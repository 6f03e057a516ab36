// Quotients by powers, whose powers leave the range of numbers where the quotient does not.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/simplify/reduction.h"

namespace gradc {

// What a quotient becomes; null if it is fine.
Rewritten rewrite_quotient(Expr e);

}  // namespace gradc
