// The error function: DLMF 7.2.1, derivative 7.10.1.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/error.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return erf(x[0]); };
constexpr Sample samples[] = {{{0.5}, 0.52049987781304654}, {{-1.25}, -0.92290012825645823}};
}  // namespace

OPERATOR(erf) = {
    .name = "erf",
    .id = "erf",
    .text = call_form("erf(#1)"),
    .latex = call_form(R"(\operatorname{erf}\left(#1\right))"),
    .partial = [](Context& c, int, Args x,
                  Expr) { return 2 / sqrt(c.apply(op_pi, {})) * exp(-pow(x[0], 2)); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits<recipe::erf>,
    .ulp = 2,
    .samples = samples,
};

}  // namespace gradc
