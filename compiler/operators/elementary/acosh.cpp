// Inverse hyperbolic cosine: derivative DLMF 4.38.10, as a product that keeps its digits near 1.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/logarithm.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return acosh(x[0]); };
constexpr Sample samples[] = {{{1.5}, 0.96242365011920689}, {{3}, 1.7627471740390861}};
}  // namespace

OPERATOR(acosh) = {
    .name = "acosh",
    .id = "acosh",
    .text = call_form("acosh(#1)"),
    .latex = call_form(R"(\operatorname{arcosh}\left(#1\right))"),
    .domain = R"(x \ge 1)",
    .partial = [](Context&, int, Args x, Expr) { return 1 / sqrt((x[0] - 1) * (x[0] + 1)); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits_in_f64<recipe::acosh>,
    .ulp = 3,
    .sampled = {1.01, 5},
    .samples = samples,
};

}  // namespace gradc
