// Inverse hyperbolic tangent: derivative DLMF 4.38.11, for the machine with (1 − x)(1 + x).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/logarithm.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return atanh(x[0]); };
constexpr Sample samples[] = {{{0.5}, 0.54930614433405485}, {{-0.75}, -0.97295507452765665}};
}  // namespace

OPERATOR(atanh) = {
    .name = "atanh",
    .id = "atanh",
    .text = call_form("atanh(#1)"),
    .latex = call_form(R"(\operatorname{artanh}\left(#1\right))"),
    .domain = R"(-1 < x < 1)",
    .partial = [](Context&, int, Args x, Expr) { return 1 / (1 - pow(x[0], 2)); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits_in_f64<recipe::atanh>,
    .ulp = 3,
    .sampled = {-0.99, 0.99},
    .samples = samples,
};

}  // namespace gradc
