// −1, 0 or 1; derivative 0, also at the jump. The sign of −0 is −0, of NaN is NaN.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/arithmetic.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return x[0] > 0 ? T(1) : x[0] < 0 ? T(-1) : x[0]; };
constexpr Kink kinks[] = {{"x = 0", R"(\operatorname{sign}'\left(0\right) = 0)"}};
constexpr Sample samples[] = {{{-0.5}, -1}, {{0}, 0}, {{0.25}, 1}};
}  // namespace

OPERATOR(sign) = {
    .name = "sign",
    .id = "sign",
    .typing = Typing::arithmetic,
    .text = call_form("sign(#1)"),
    .latex = call_form(R"(\operatorname{sign}\left(#1\right))"),
    .kinks = kinks,
    .evaluate = value,
    .evaluate_integer = [](const std::int64_t* x) { return std::int64_t{x[0] > 0} - std::int64_t{x[0] < 0}; },
    .evaluate_precise = value,
    .emit = recipe::emits<recipe::sign>,
    .ulp = 0,
    .samples = samples,
};

}  // namespace gradc
