// sin(x)/x, and 1 at 0. Its derivatives are entries of their own: (cos x − sinc x)/x has no right digit near
// 0.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/trigonometric.h"

namespace gradc {

extern const Operator op_sinc_derivative;

namespace {
constexpr auto value = []<class T>(const T* x) -> T {
  return isinf(x[0]) ? T(0) : x[0] == 0 ? T(1) : sin(x[0]) / x[0];
};
constexpr Sample samples[] = {
    {{0.5}, 0.958851077208406}, {{-3}, 0.047040002686622407}, {{1e-06}, 0.99999999999983333}};
}  // namespace

OPERATOR(sinc) = {
    .name = "sinc",
    .id = "sinc",
    .text = call_form("sinc(#1)"),
    .latex = call_form(R"(\operatorname{sinc}\left(#1\right))"),
    .partial =
        [](Context& c, int, Args x, Expr) {
          return c.apply(op_sinc_derivative, {c.real(1), x[0]});
        },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits<recipe::sinc>,
    .ulp = 2,
    .samples = samples,
};

}  // namespace gradc
