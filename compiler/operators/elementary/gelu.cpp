// x Φ(x), Φ the normal distribution function (Hendrycks & Gimpel 2016), exactly, not by tanh. In doubles the
// rounding of x/√2 is put right to first order: erfc(t + d) = erfc t − 2/√π e^(−t²) d.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/error.h"

namespace gradc {

extern const Operator op_erfc;

namespace {
constexpr auto value = []<class T>(const T* x) -> T {
  if (isinf(x[0])) return x[0] < 0 ? T(0) : x[0];
  if constexpr (std::is_same_v<T, double>) {
    const double high = 0x1.6a09e667f3bcdp-1, low = -0x1.bdd3413b26456p-55;  // 1/√2
    const double t = -x[0] * high, rest = std::fma(-x[0], high, -t) - x[0] * low;
    return x[0] / 2 * (erfc(t) - 0x1.20dd750429b6dp+0 * exp(-t * t) * rest);
  } else {
    return x[0] / 2 * erfc(-x[0] / sqrt(T(2)));
  }
};
constexpr Sample samples[] = {
    {{0.5}, 0.34573123063700655}, {{-3}, -0.0040496940948902836}, {{-8}, -4.9767684594174273e-15}};
}  // namespace

OPERATOR(gelu) = {
    .name = "gelu",
    .id = "gelu",
    .text = call_form("gelu(#1)"),
    .latex = call_form(R"(\operatorname{gelu}\left(#1\right))"),
    .partial =
        [](Context& c, int, Args x, Expr) {
          const Expr distribution = c.apply(op_erfc, {-(x[0] / sqrt(c.real(2)))}) / 2;
          const Expr density = exp(-(pow(x[0], 2) / 2)) / sqrt(2 * c.apply(op_pi, {}));
          return distribution + x[0] * density;
        },
    .evaluate = value,
    .evaluate_precise = value,
    .emit = recipe::emits<recipe::gelu>,
    .ulp = 4,
    .samples = samples,
};

}  // namespace gradc
