// Exact arithmetic on literals: rationals, integers and truth values. log(2) stays log(2).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/equations/context.h"

namespace gradc {

// The constant that an operator of constants is, or e itself.
Expr fold(Expr e);

}  // namespace gradc
