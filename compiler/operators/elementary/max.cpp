// The greater and the lesser of two, NaN if either is, max(−0, 0) = 0. Where both arguments can vary, a tie
// shares the derivative between them (the least-norm subgradient); against a constant the tie has derivative
// 0, so that max(x, 0), relu(x) and clamp agree.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/arithmetic.h"

namespace gradc {

namespace {

constexpr auto maximum = []<class T>(const T* x) -> T {
  if (isnan(x[0]) || isnan(x[1])) return x[0] + x[1];
  if (x[0] == x[1]) return signbit(x[0]) ? x[1] : x[0];
  return x[0] < x[1] ? x[1] : x[0];
};
constexpr auto minimum = []<class T>(const T* x) -> T {
  if (isnan(x[0]) || isnan(x[1])) return x[0] + x[1];
  if (x[0] == x[1]) return signbit(x[0]) ? x[0] : x[1];
  return x[0] < x[1] ? x[0] : x[1];
};

// 1 where `other` < `mine` (or the reverse), 1/2 where they are equal.
Expr shared(Context& c, Expr wins, Expr a, Expr b) {
  return choose(wins, c.real(1), choose(equal(a, b), c.real(Rational(1, 2)), c.real(0)));
}
Expr max_partial(Context& c, int i, Args x, Expr) { return shared(c, less(x[1 - i], x[i]), x[0], x[1]); }
Expr min_partial(Context& c, int i, Args x, Expr) { return shared(c, less(x[i], x[1 - i]), x[0], x[1]); }
Expr max_const_partial(Context& c, int i, Args x, Expr) {
  return choose(less(x[1 - i], x[i]), c.real(1), c.real(0));
}
Expr min_const_partial(Context& c, int i, Args x, Expr) {
  return choose(less(x[i], x[1 - i]), c.real(1), c.real(0));
}

constexpr Kink max_kinks[] = {{"x = y", R"(\nabla\max\left(x,y\right) = \left(\tfrac12,\tfrac12\right))"}};
constexpr Kink min_kinks[] = {{"x = y", R"(\nabla\min\left(x,y\right) = \left(\tfrac12,\tfrac12\right))"}};
constexpr Kink max_const_kinks[] = {{"x = c", R"(\frac{\partial}{\partial x}\max\left(x,c\right) = 0)"}};
constexpr Kink min_const_kinks[] = {{"x = c", R"(\frac{\partial}{\partial x}\min\left(x,c\right) = 0)"}};
constexpr Sample max_samples[] = {{{0.5, 0.25}, 0.5}, {{-3, -2}, -2}};
constexpr Sample min_samples[] = {{{0.5, 0.25}, 0.25}, {{-3, -2}, -3}};

constexpr auto integer_maximum = [](const std::int64_t* x) { return x[0] < x[1] ? x[1] : x[0]; };
constexpr auto integer_minimum = [](const std::int64_t* x) { return x[0] < x[1] ? x[0] : x[1]; };

}  // namespace

OPERATOR(max) = {
    .name = "max",
    .id = "max",
    .arity = 2,
    .typing = Typing::arithmetic,
    .text = call_form("max(#1, #2)"),
    .latex = call_form(R"(\max\left(#1,#2\right))"),
    .kinks = max_kinks,
    .partial = max_partial,
    .evaluate = maximum,
    .evaluate_integer = integer_maximum,
    .evaluate_precise = maximum,
    .emit = recipe::emits<recipe::max>,
    .ulp = 0,
    .samples = max_samples,
    .commutative = true,
};
OPERATOR(min) = {
    .name = "min",
    .id = "min",
    .arity = 2,
    .typing = Typing::arithmetic,
    .text = call_form("min(#1, #2)"),
    .latex = call_form(R"(\min\left(#1,#2\right))"),
    .kinks = min_kinks,
    .partial = min_partial,
    .evaluate = minimum,
    .evaluate_integer = integer_minimum,
    .evaluate_precise = minimum,
    .emit = recipe::emits<recipe::min>,
    .ulp = 0,
    .samples = min_samples,
    .commutative = true,
};

// max and min with a second operand that nothing given or learned can change; the checker picks them.
OPERATOR(max_const) = {
    .id = "max_const",
    .arity = 2,
    .text = call_form("max_const(#1, #2)"),
    .latex = call_form(R"(\max\left(#1,#2\right))"),
    .kinks = max_const_kinks,
    .partial = max_const_partial,
    .evaluate = maximum,
    .evaluate_precise = maximum,
    .emit = recipe::emits<recipe::max>,
    .ulp = 0,
    .samples = max_samples,
};
OPERATOR(min_const) = {
    .id = "min_const",
    .arity = 2,
    .text = call_form("min_const(#1, #2)"),
    .latex = call_form(R"(\min\left(#1,#2\right))"),
    .kinks = min_const_kinks,
    .partial = min_const_partial,
    .evaluate = minimum,
    .evaluate_precise = minimum,
    .emit = recipe::emits<recipe::min>,
    .ulp = 0,
    .samples = min_samples,
};

}  // namespace gradc
