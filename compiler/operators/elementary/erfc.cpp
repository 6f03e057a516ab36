// 1 − erf x without cancellation: DLMF 7.2.2.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/error.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return erfc(x[0]); };
constexpr Sample samples[] = {
    {{0.5}, 0.47950012218695346}, {{-1.25}, 1.9229001282564582}, {{3}, 2.2090496998585441e-5}};
}  // namespace

OPERATOR(erfc) = {
    .name = "erfc",
    .id = "erfc",
    .text = call_form("erfc(#1)"),
    .latex = call_form(R"(\operatorname{erfc}\left(#1\right))"),
    .partial = [](Context& c, int, Args x,
                  Expr) { return -(2 / sqrt(c.apply(op_pi, {})) * exp(-pow(x[0], 2))); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits<recipe::erfc>,
    .ulp = 4,
    .samples = samples,
};

}  // namespace gradc
