// The arc tangent: derivative DLMF 4.24.9.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/inverse.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return atan(x[0]); };
constexpr Sample samples[] = {{{0.5}, 0.46364760900080612}, {{-3}, -1.2490457723982544}};
}  // namespace

OPERATOR(atan) = {
    .name = "atan",
    .id = "atan",
    .text = call_form("atan(#1)"),
    .latex = call_form(R"(\arctan\left(#1\right))"),
    .partial = [](Context&, int, Args x, Expr) { return 1 / (1 + x[0] * x[0]); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits_in_f64<recipe::atan>,
    .ulp = 1.5,
    .samples = samples,
};

}  // namespace gradc
