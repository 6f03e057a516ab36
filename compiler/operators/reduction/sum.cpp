// Σ and what holds of it: each term has the whole adjoint.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(std::span<const T> terms) -> T {
  T total = 0;
  for (const T& term : terms) total = total + term;
  return total;
};
constexpr auto integer_value = [](std::span<const std::int64_t> terms) {
  std::int64_t total = 0;
  for (std::int64_t term : terms) total = wrap_add(total, term);
  return total;
};
}  // namespace

REDUCTION(sum) = {
    .name = "sum",
    .latex = R"(\sum)",
    .identity = 0,
    .evaluate = value,
    .evaluate_precise = value,
    .share = [](Context& c, const OpenedReduction&, Expr) { return c.real(1); },
};
REDUCTION(integer_sum) = {
    .name = "integer_sum",
    .latex = R"(\sum)",
    .term = Type::integer,
    .result = Type::integer,
    .identity = 0,
    .evaluate_integer = integer_value,
};

}  // namespace gradc
