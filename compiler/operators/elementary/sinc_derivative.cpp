// The n-th derivative of sinc, n a literal: ∫₀¹ tⁿ cos(xt + nπ/2) dt. By its power series, or far from 0 by
// x s⁽ⁿ⁾ = sin⁽ⁿ⁾ x − n s⁽ⁿ⁻¹⁾, which loses no digits for |x| > n. It has no name in the language.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/trigonometric.h"

namespace gradc {

extern const Operator op_sinc_derivative;

namespace {
Precise derivative(int n, const Precise& x) {
  if (isnan(x)) return x;
  if (isinf(x)) return 0;
  if (fabs(x) > 20 + n) {
    // sin⁽ᵏ⁾ goes round: sin, cos, −sin, −cos.
    Precise s = sin(x) / x;
    for (int k = 1; k <= n; ++k) {
      const Precise turned = k % 2 == 0 ? sin(x) : cos(x);
      s = ((k % 4 < 2 ? turned : -turned) - k * s) / x;
    }
    return s;
  }
  // Σ_k cos((n + k)π/2) x^k / (k! (n + k + 1)): every other term.
  Precise power = 1, total = 0;
  for (int k = 0; k < 400; ++k) {
    if ((n + k) % 2 == 0) total += ((n + k) % 4 == 0 ? power : -power) / (n + k + 1);
    power *= x / (k + 1);
  }
  return total;
}

constexpr auto value = []<class T>(const T* x) -> T {
  const int n = static_cast<int>(whole(x[0]));
  if constexpr (std::is_same_v<T, double>)
    return derivative(n, Precise(x[1])).to_double();
  else
    return derivative(n, x[1]);
};
constexpr Sample samples[] = {{{1, 0.5}, -0.16253703063606657},
                              {{2, -3}, 0.1834116638216149},
                              {{1, 1e-06}, -3.3333333333329998e-7},
                              {{3, 0}, 0}};
}  // namespace

OPERATOR(sinc_derivative) = {
    .id = "sinc_derivative",
    .arity = 2,
    .text = call_form("sinc_derivative(#1, #2)"),
    .latex = call_form(R"(\operatorname{sinc}^{\left(#1\right)}\left(#2\right))"),
    .orders = {0, 12},
    .partial =
        [](Context& c, int, Args x, Expr) {
          return c.apply(op_sinc_derivative, {next_order(c, x[0]), x[1]});
        },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits_derivative<recipe::sinc_derivative>,
    .ulp = 8,
    .samples = samples,
};

}  // namespace gradc
