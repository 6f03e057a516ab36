// The tangent; its derivative (DLMF 4.20.3) in terms of itself.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/trigonometric.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return tan(x[0]); };
constexpr Sample samples[] = {{{0.5}, 0.54630248984379051}, {{-1.25}, -3.0095696738628313}};
}  // namespace

OPERATOR(tan) = {
    .name = "tan",
    .id = "tan",
    .text = call_form("tan(#1)"),
    .latex = call_form(R"(\tan\left(#1\right))"),
    .partial = [](Context&, int, Args, Expr y) { return 1 + y * y; },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits<recipe::tan>,
    .ulp = 3,
    .sampled = {-1.5, 1.5},
    .samples = samples,
};

}  // namespace gradc
