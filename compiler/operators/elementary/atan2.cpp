// The angle of the point (x, y), arguments in C's order: atan2(y, x). At (0, 0) it has no derivative, and
// none is invented: NaN.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/inverse.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return atan2(x[0], x[1]); };
constexpr Sample samples[] = {
    {{0.5, 0.25}, 1.1071487177940905}, {{-3, -2}, -2.1587989303424642}, {{1, -4}, 2.8966139904629291}};
}  // namespace

OPERATOR(atan2) = {
    .name = "atan2",
    .id = "atan2",
    .arity = 2,
    .text = call_form("atan2(#1, #2)"),
    .latex = call_form(R"(\operatorname{atan2}\left(#1,#2\right))"),
    .domain = R"(\left(x,y\right) \ne \left(0,0\right))",
    .partial =
        [](Context&, int i, Args x, Expr) {
          const Expr square = x[0] * x[0] + x[1] * x[1];
          return i == 0 ? x[1] / square : -(x[0] / square);
        },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits_in_f64<recipe::atan2>,
    .ulp = 2,
    .samples = samples,
};

}  // namespace gradc
