// x for positive x, e^x − 1 otherwise (Clevert, Unterthiner, Hochreiter 2016, α = 1). Its second derivative
// has a kink at 0, where it is that of e^x.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/exponential.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return x[0] > 0 ? x[0] : expm1(x[0]); };
constexpr Kink kinks[] = {{R"(x = 0)", R"(\operatorname{elu}''\left(0\right) = 1)"}};
constexpr Sample samples[] = {{{0.5}, 0.5}, {{-3}, -0.95021293163213606}};
}  // namespace

OPERATOR(elu) = {
    .name = "elu",
    .id = "elu",
    .text = call_form("elu(#1)"),
    .latex = call_form(R"(\operatorname{elu}\left(#1\right))"),
    .kinks = kinks,
    .partial = [](Context& c, int, Args x,
                  Expr) { return choose(less(c.real(0), x[0]), c.real(1), exp(x[0])); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits<recipe::elu>,
    .ulp = 2,
    .samples = samples,
};

}  // namespace gradc
