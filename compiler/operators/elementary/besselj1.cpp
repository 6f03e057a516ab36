// The Bessel function of the first kind of order 1: DLMF §10.2. J₁′ = (J₀ − J₂)/2 (10.6.1) instead of J₀ −
// J₁/x, which is 0/0 at 0. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/bessel.h"

namespace gradc {

extern const Operator op_besselj, op_besselj0;

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return besselj(1, x[0]); };
constexpr Sample samples[] = {
    {{0.5}, 0.24226845767487389}, {{-3.25}, -0.24111968801520389}, {{40}, 0.126038318037585}};
}  // namespace

OPERATOR(besselj1) = {
    .name = "besselj1",
    .id = "besselj1",
    .text = call_form("besselj1(#1)"),
    .latex = call_form(R"(\operatorname{J}_{1}\left(#1\right))"),
    .partial =
        [](Context& c, int, Args x, Expr) {
          return (c.apply(op_besselj0, {x[0]}) - c.apply(op_besselj, {c.real(2), x[0]})) / 2;
        },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits_in_f64<recipe::besselj1>,
    .ulp = 8,
    .sampled = {-12, 12},
    .samples = samples,
};

}  // namespace gradc
