// log Σ exp, evaluated with the greatest term taken out. A term has the share e^(term − y) (softmax).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"

namespace gradc {

extern const Operator op_exp_difference;

REDUCTION(logsumexp) = {
    .name = "logsumexp",
    .latex = R"(\operatorname{logsumexp})",
    .identity = -infinity,
    .share =
        [](Context& c, const OpenedReduction& reduction, Expr y) {
          return c.apply(op_exp_difference, {reduction.body, y});
        },
};

}  // namespace gradc
