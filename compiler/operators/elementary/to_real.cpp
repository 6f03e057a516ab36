// An integer as a real number. It is not written in the language: a position is a number where one is needed.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/arithmetic.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return x[0]; };
}  // namespace

OPERATOR(to_real) = {
    .id = "to_real",
    .typing = Typing::to_real,
    .text = call_form("real(#1)"),
    .latex = {"#1", Precedence::atom, {Precedence::atom}},
    .evaluate = value,
    .evaluate_precise = value,
    .emit =
        [](Emitter& e, const EmitValue* x) {
          return e.op(e.is_f32() ? MachineOp::integer_to_f32 : MachineOp::integer_to_f64, {x[0]});
        },
};

}  // namespace gradc
