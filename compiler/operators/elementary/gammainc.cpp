// The regularised incomplete gamma functions, P(a, x) from below and Q(a, x) = 1 − P(a, x) from above, each
// without cancellation: DLMF 8.2.4. The derivative by x is gamma_density; by a there is none in closed form.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/incomplete_gamma.h"

namespace gradc {

extern const Operator op_gamma_density;

namespace {
Expr density(Context& c, int i, Args x) {
  GRADC_CHECK(i == 1, "an argument by which there is a derivative, not the first");
  return x[0]->is_constant(1) ? exp(-x[1]) : c.apply(op_gamma_density, x);
}

constexpr auto lower = []<class T>(const T* x) -> T { return gammainc(x[0], x[1]); };
constexpr Sample lower_samples[] = {{{0.5, 0.25}, 0.52049987781304654},
                                    {{3, 2}, 0.32332358381693654},
                                    {{25, 21.5}, 0.25203949131528157},
                                    {{40, 4}, 3.0063477381244054e-26},
                                    {{0.001, 2}, 0.99995102308216902}};
constexpr auto upper = []<class T>(const T* x) -> T { return gammaincc(x[0], x[1]); };
constexpr Sample upper_samples[] = {{{0.5, 0.25}, 0.47950012218695346},
                                    {{3, 2}, 0.67667641618306346},
                                    {{25, 30.5}, 0.13699600313869463},
                                    {{4, 60}, 3.3153025398645296e-22},
                                    {{0.001, 1}, 0.0002196083575855564}};
}  // namespace

OPERATOR(gammainc) = {
    .name = "gammainc",
    .id = "gammainc",
    .arity = 2,
    .text = call_form("gammainc(#1, #2)"),
    .latex = call_form(R"(\operatorname{P}\left(#1,#2\right))"),
    .domain = R"(a > 0,\ x \ge 0)",
    .partial = [](Context& c, int i, Args x, Expr) { return density(c, i, x); },
    .without_partial = 0,
    .evaluate = lower,
    .evaluate_precise = lower,
    .emit = recipe::emits_in_f64<recipe::gammainc>,
    .ulp = 256,
    .sampled = {0.1, 12},
    .samples = lower_samples,
};

OPERATOR(gammaincc) = {
    .name = "gammaincc",
    .id = "gammaincc",
    .arity = 2,
    .text = call_form("gammaincc(#1, #2)"),
    .latex = call_form(R"(\operatorname{Q}\left(#1,#2\right))"),
    .domain = R"(a > 0,\ x \ge 0)",
    .partial = [](Context& c, int i, Args x, Expr) { return -density(c, i, x); },
    .without_partial = 0,
    .evaluate = upper,
    .evaluate_precise = upper,
    .emit = recipe::emits_in_f64<recipe::gammaincc>,
    .ulp = 256,
    .sampled = {0.1, 12},
    .samples = upper_samples,
};

}  // namespace gradc
