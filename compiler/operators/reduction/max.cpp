// The greatest and the least term. Ties share the adjoint evenly (the least-norm subgradient).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"

namespace gradc {

namespace {

// 1 / (number of terms that are y) where the term is y, else nothing.
Expr share_of_ties(Context& c, const OpenedReduction& reduction, Expr y) {
  OpenedReduction ties = renamed(c, reduction);
  const Expr is_tie = equal(ties.body, y);
  ties.op = &reduce_sum;
  ties.guard = ties.guard->is_constant(1) ? is_tie : both(ties.guard, is_tie);
  ties.body = c.real(1);
  return choose(equal(reduction.body, y), 1 / close(c, ties), c.real(0));
}

}  // namespace

REDUCTION(max) = {
    .name = "max",
    .latex = R"(\max)",
    .identity = -infinity,
    .share = share_of_ties,
};
REDUCTION(min) = {
    .name = "min",
    .latex = R"(\min)",
    .identity = infinity,
    .share = share_of_ties,
};
// Of no term, 0: what an integer has for want of an infinity.
REDUCTION(integer_max) = {
    .name = "integer_max",
    .latex = R"(\max)",
    .term = Type::integer,
    .result = Type::integer,
};
REDUCTION(integer_min) = {
    .name = "integer_min",
    .latex = R"(\min)",
    .term = Type::integer,
    .result = Type::integer,
};

}  // namespace gradc
