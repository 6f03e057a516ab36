// What can be said of one opened reduction whose parts are in normal form.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/equations/context.h"
#include "compiler/simplify/polynomial.h"
#include "compiler/simplify/ranges.h"

namespace gradc {

struct Rewritten {
  Expr e;                      // null: no rule applies
  std::string_view rule = {};  // which one did
};

// `made`: the reduction was made by differentiation, so that field algebra holds.
Rewritten rewrite_reduction(Context& context, const OpenedReduction& reduction, const Ranges& ranges,
                            bool made);

// Conditions over indices whose answer the ranges give, and truth values.
Rewritten rewrite_condition(Expr condition, const Ranges& ranges);

}  // namespace gradc
