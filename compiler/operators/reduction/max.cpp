// The greatest and the least term. Ties share the adjoint evenly (the least-norm subgradient).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

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

// NaN if any term is; of 0 and −0 the maximum is 0, the minimum −0.
constexpr auto greatest = []<class T>(std::span<const T> terms) -> T {
  T best = -infinity;
  for (const T& term : terms) {
    if (isnan(term)) return term;
    if (best < term || (best == term && signbit(best))) best = term;
  }
  return best;
};
constexpr auto least = []<class T>(std::span<const T> terms) -> T {
  T best = infinity;
  for (const T& term : terms) {
    if (isnan(term)) return term;
    if (term < best || (best == term && signbit(term))) best = term;
  }
  return best;
};
constexpr auto greatest_integer = [](std::span<const std::int64_t> terms) {
  return terms.empty() ? 0 : *std::ranges::max_element(terms);
};
constexpr auto least_integer = [](std::span<const std::int64_t> terms) {
  return terms.empty() ? 0 : *std::ranges::min_element(terms);
};

}  // namespace

REDUCTION(max) = {
    .name = "max",
    .latex = R"(\max)",
    .identity = -infinity,
    .evaluate = greatest,
    .evaluate_precise = greatest,
    .share = share_of_ties,
};
REDUCTION(min) = {
    .name = "min",
    .latex = R"(\min)",
    .identity = infinity,
    .evaluate = least,
    .evaluate_precise = least,
    .share = share_of_ties,
};
// Of no term, 0: what an integer has for want of an infinity.
REDUCTION(integer_max) = {
    .name = "integer_max",
    .latex = R"(\max)",
    .term = Type::integer,
    .result = Type::integer,
    .evaluate_integer = greatest_integer,
};
REDUCTION(integer_min) = {
    .name = "integer_min",
    .latex = R"(\min)",
    .term = Type::integer,
    .result = Type::integer,
    .evaluate_integer = least_integer,
};

}  // namespace gradc
