// The logarithm to base 10.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/power.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return log10(x[0]); };
constexpr Sample samples[] = {{{0.5}, -0.3010299956639812}, {{3}, 0.47712125471966244}};
}  // namespace

OPERATOR(log10) = {
    .name = "log10",
    .id = "log10",
    .text = call_form("log10(#1)"),
    .latex = call_form(R"(\log_{10}\left(#1\right))"),
    .domain = R"(x > 0)",
    .partial = [](Context& c, int, Args x, Expr) { return 1 / (x[0] * log(c.real(10))); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits_in_f64<recipe::log10>,
    .ulp = 1,
    .sampled = {0.01, 5},
    .samples = samples,
};

}  // namespace gradc
