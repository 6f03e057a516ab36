// The least integer that is not below x; derivative 0, also at the jumps.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/arithmetic.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return ceil(x[0]); };
constexpr Kink kinks[] = {{R"(x \in \mathbb{Z})", R"(\left\lceil x\right\rceil' = 0)"}};
constexpr Sample samples[] = {{{0.5}, 1}, {{-2.25}, -2}};
}  // namespace

OPERATOR(ceil) = {
    .name = "ceil",
    .id = "ceil",
    .text = call_form("ceil(#1)"),
    .latex = {R"(\left\lceil #1\right\rceil)", Precedence::atom},
    .kinks = kinks,
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::machine<MachineOp::ceil>,
    .ulp = 0,
    .samples = samples,
};

}  // namespace gradc
