// The greatest integer that is not above x; derivative 0, also at the jumps.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/arithmetic.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return floor(x[0]); };
constexpr Kink kinks[] = {{R"(x \in \mathbb{Z})", R"(\left\lfloor x\right\rfloor' = 0)"}};
constexpr Sample samples[] = {{{0.5}, 0}, {{-2.25}, -3}};
}  // namespace

OPERATOR(floor) = {
    .name = "floor",
    .id = "floor",
    .text = call_form("floor(#1)"),
    .latex = {R"(\left\lfloor #1\right\rfloor)", Precedence::atom},
    .kinks = kinks,
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::machine<MachineOp::floor>,
    .ulp = 0,
    .samples = samples,
};

}  // namespace gradc
