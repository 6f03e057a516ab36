// x, with derivative 0 at every order: what is behind it is a constant to whoever differentiates.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/arithmetic.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T { return x[0]; };
constexpr Sample samples[] = {{{0.5}, 0.5}};
}  // namespace

OPERATOR(stop) = {
    .name = "stop",
    .id = "stop",
    .text = call_form("stop(#1)"),
    .latex = call_form(R"(\operatorname{stop}\left(#1\right))"),
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits<recipe::same>,
    .ulp = 0,
    .samples = samples,
};

}  // namespace gradc
