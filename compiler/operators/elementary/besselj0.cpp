// The Bessel function of the first kind of order 0: DLMF §10.2, derivative 10.6.3.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/bessel.h"

namespace gradc {

extern const Operator op_besselj1;

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return besselj(0, x[0]); };
constexpr Sample samples[] = {
    {{0.5}, 0.9384698072408129}, {{-3.25}, -0.33275080217061151}, {{40}, 0.0073668905842372896}};
}  // namespace

OPERATOR(besselj0) = {
    .name = "besselj0",
    .id = "besselj0",
    .text = call_form("besselj0(#1)"),
    .latex = call_form(R"(\operatorname{J}_{0}\left(#1\right))"),
    .partial = [](Context& c, int, Args x, Expr) { return -c.apply(op_besselj1, {x[0]}); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits_in_f64<recipe::besselj0>,
    .ulp = 8,
    .sampled = {-12, 12},
    .samples = samples,
};

}  // namespace gradc
