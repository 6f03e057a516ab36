// x, but at least lo and at most hi (hi wins if lo > hi). The derivative by x is 0 at both ends, as that of
// max(x, 0) and relu is; there it belongs to the ends.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/arithmetic.h"

namespace gradc {

namespace {
constexpr auto value = []<class T>(const T* x) -> T {
  if (isnan(x[0]) || isnan(x[1]) || isnan(x[2])) return x[0] + x[1] + x[2];
  const T lower = x[0] < x[1] ? x[1] : x[0];
  return lower < x[2] ? lower : x[2];
};
constexpr Kink kinks[] = {
    {R"(x = lo,\ x = hi)", R"(\frac{\partial}{\partial x}\operatorname{clamp}\left(x,lo,hi\right) = 0)"}};
constexpr Sample samples[] = {{{0.5, -1, 1}, 0.5}, {{-3, -1, 1}, -1}, {{3, -1, 2.5}, 2.5}};
}  // namespace

OPERATOR(clamp) = {
    .name = "clamp",
    .id = "clamp",
    .arity = 3,
    .text = call_form("clamp(#1, #2, #3)"),
    .latex = call_form(R"(\operatorname{clamp}\left(#1,#2,#3\right))"),
    .kinks = kinks,
    .partial =
        [](Context& c, int i, Args x, Expr) {
          const Expr where[] = {both(less(x[1], x[0]), less(x[0], x[2])),
                                both(less_equal(x[0], x[1]), less(x[1], x[2])),
                                either(less_equal(x[2], x[0]), less_equal(x[2], x[1]))};
          return choose(where[i], c.real(1), c.real(0));
        },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits<recipe::clamp>,
    .ulp = 0,
    .samples = samples,
};

}  // namespace gradc
