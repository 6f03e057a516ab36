// Inverse hyperbolic sine: derivative DLMF 4.38.9.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/logarithm.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return asinh(x[0]); };
constexpr Sample samples[] = {{{0.5}, 0.48121182505960345}, {{-3}, -1.8184464592320668}};
}  // namespace

OPERATOR(asinh) = {
    .name = "asinh",
    .id = "asinh",
    .text = call_form("asinh(#1)"),
    .latex = call_form(R"(\operatorname{arsinh}\left(#1\right))"),
    .partial = [](Context&, int, Args x, Expr) { return 1 / sqrt(1 + x[0] * x[0]); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits_in_f64<recipe::asinh>,
    .ulp = 3,
    .samples = samples,
};

}  // namespace gradc
