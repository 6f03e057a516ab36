// Σ and what holds of it: each term has the whole adjoint.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"

namespace gradc {

REDUCTION(sum) = {
    .name = "sum",
    .latex = R"(\sum)",
    .identity = 0,
    .share = [](Context& c, const OpenedReduction&, Expr) { return c.real(1); },
};
REDUCTION(integer_sum) = {
    .name = "integer_sum",
    .latex = R"(\sum)",
    .term = Type::integer,
    .result = Type::integer,
    .identity = 0,
};

}  // namespace gradc
