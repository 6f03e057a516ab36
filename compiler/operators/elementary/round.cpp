// The nearest integer, halves to the even one (as IEEE 754 and NumPy); derivative 0, also at the jumps.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/arithmetic.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return rint(x[0]); };
constexpr Kink kinks[] = {{R"(x - \tfrac12 \in \mathbb{Z})", R"(\operatorname{round}'\left(x\right) = 0)"}};
constexpr Sample samples[] = {{{0.5}, 0}, {{1.5}, 2}, {{-2.25}, -2}};
}  // namespace

OPERATOR(round) = {
    .name = "round",
    .id = "round",
    .text = call_form("round(#1)"),
    .latex = call_form(R"(\operatorname{round}\left(#1\right))"),
    .kinks = kinks,
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::machine<MachineOp::rint>,
    .ulp = 0,
    .samples = samples,
};

}  // namespace gradc
