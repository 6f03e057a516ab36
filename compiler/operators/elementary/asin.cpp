// The arc sine: derivative DLMF 4.24.7, with (1 − x)(1 + x) for 1 − x², which has lost half of its digits
// near 1.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/inverse.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return asin(x[0]); };
constexpr Sample samples[] = {{{0.5}, 0.52359877559829887}, {{-0.75}, -0.84806207898148101}};
}  // namespace

OPERATOR(asin) = {
    .name = "asin",
    .id = "asin",
    .text = call_form("asin(#1)"),
    .latex = call_form(R"(\arcsin\left(#1\right))"),
    .domain = R"(-1 \le x \le 1)",
    .partial = [](Context&, int, Args x, Expr) { return 1 / sqrt((1 - x[0]) * (1 + x[0])); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits_in_f64<recipe::asin>,
    .ulp = 2,
    .sampled = {-0.99, 0.99},
    .samples = samples,
};

}  // namespace gradc
