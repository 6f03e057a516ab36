// The arc cosine: derivative DLMF 4.24.8; see asin.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/inverse.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return acos(x[0]); };
constexpr Sample samples[] = {{{0.5}, 1.0471975511965977}, {{-0.75}, 2.4188584057763776}};
}  // namespace

OPERATOR(acos) = {
    .name = "acos",
    .id = "acos",
    .text = call_form("acos(#1)"),
    .latex = call_form(R"(\arccos\left(#1\right))"),
    .domain = R"(-1 \le x \le 1)",
    .partial = [](Context&, int, Args x, Expr) { return -(1 / sqrt((1 - x[0]) * (1 + x[0]))); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits_in_f64<recipe::acos>,
    .ulp = 2,
    .sampled = {-0.99, 0.99},
    .samples = samples,
};

}  // namespace gradc
