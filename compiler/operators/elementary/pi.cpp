// The circle constant, exact until code is made.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/arithmetic.h"

namespace gradc {

OPERATOR(pi) = {
    .name = "pi",
    .id = "pi",
    .arity = 0,
    .text = {"pi", Precedence::atom},
    .latex = {R"(\pi)", Precedence::atom},
    .evaluate = [](const double*) { return 0x1.921fb54442d18p+1; },
    .evaluate_precise = [](const Precise*) { return Precise::pi(); },
    .emit = [](Emitter& e, const EmitValue*) { return e.constant(e.real(), 0x1.921fb54442d18p+1); },
};

}  // namespace gradc
