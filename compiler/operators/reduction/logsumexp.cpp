// log Σ exp, evaluated with the greatest term taken out. A term has the share e^(term − y) (softmax).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(std::span<const T> terms) -> T {
  T greatest = -infinity;
  for (const T& term : terms) {
    if (isnan(term)) return term;
    if (greatest < term) greatest = term;
  }
  if (isinf(greatest)) return greatest;
  T total = 0;
  for (const T& term : terms) total = total + exp(term - greatest);
  return greatest + log(total);
};
}  // namespace

extern const Operator op_exp_difference;

REDUCTION(logsumexp) = {
    .name = "logsumexp",
    .latex = R"(\operatorname{logsumexp})",
    .identity = -infinity,
    .evaluate = value,
    .evaluate_precise = value,
    .share =
        [](Context& c, const OpenedReduction& reduction, Expr y) {
          return c.apply(op_exp_difference, {reduction.body, y});
        },
};

}  // namespace gradc
