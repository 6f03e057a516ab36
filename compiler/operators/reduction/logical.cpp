// "There is one" and "for all", and the position of the greatest and least term (the first of equals): no
// derivative.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/operators/entry.h"

namespace gradc {

namespace {
constexpr auto any_of = [](std::span<const std::int64_t> terms) {
  return std::int64_t{std::ranges::any_of(terms, [](std::int64_t term) { return term != 0; })};
};
constexpr auto all_of = [](std::span<const std::int64_t> terms) {
  return std::int64_t{std::ranges::all_of(terms, [](std::int64_t term) { return term != 0; })};
};
// A NaN wins, so that it does not go unseen.
template <bool greatest, class T>
T position_of_best(std::span<const T> terms) {
  std::size_t best = 0;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    if (isnan(terms[i])) return T(static_cast<std::int64_t>(i));
    if (greatest ? terms[best] < terms[i] : terms[i] < terms[best]) best = i;
  }
  return terms.empty() ? T(-1) : T(static_cast<std::int64_t>(best));
}
}  // namespace

REDUCTION(any) = {
    .name = "any",
    .latex = R"(\exists)",
    .term = Type::boolean,
    .result = Type::boolean,
    .identity = 0,
    .evaluate_integer = any_of,
};
REDUCTION(all) = {
    .name = "all",
    .latex = R"(\forall)",
    .term = Type::boolean,
    .result = Type::boolean,
    .identity = 1,
    .evaluate_integer = all_of,
};
// Of no term an error; −1 stands for it.
REDUCTION(argmax) = {
    .name = "argmax",
    .latex = R"(\operatorname{arg\,max})",
    .result = Type::integer,
    .identity = -1,
    .evaluate = position_of_best<true, double>,
    .evaluate_precise = position_of_best<true, Precise>,
};
REDUCTION(argmin) = {
    .name = "argmin",
    .latex = R"(\operatorname{arg\,min})",
    .result = Type::integer,
    .identity = -1,
    .evaluate = position_of_best<false, double>,
    .evaluate_precise = position_of_best<false, Precise>,
};

}  // namespace gradc
