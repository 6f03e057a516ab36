// Hyperbolic cosine: DLMF §4.28, derivative 4.34.2.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/exponential.h"

namespace gradc {

extern const Operator op_sinh;

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return cosh(x[0]); };
constexpr Sample samples[] = {{{0.5}, 1.1276259652063808}, {{-3}, 10.067661995777766}};
}  // namespace

OPERATOR(cosh) = {
    .name = "cosh",
    .id = "cosh",
    .text = call_form("cosh(#1)"),
    .latex = call_form(R"(\cosh\left(#1\right))"),
    .partial = [](Context& c, int, Args x, Expr) { return c.apply(op_sinh, {x[0]}); },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits<recipe::cosh>,
    .ulp = 2,
    .samples = samples,
};

}  // namespace gradc
