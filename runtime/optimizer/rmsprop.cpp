// RMSProp: Tieleman & Hinton, "Neural networks for machine learning", lecture 6.5, 2012.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/optimizer/step.h"

namespace gradc {
namespace {

template <class T>
GRADC_STEP_BODY void step(const StepSettings& settings, const StepData<T>& d) {
  const T rate = static_cast<T>(settings.values[0]);
  const T beta = static_cast<T>(settings.values[1]), rest = static_cast<T>(1 - settings.values[1]);
  const T eps = static_cast<T>(settings.values[2]);
  T* __restrict w = d.w;
  T* __restrict v = d.m;
  for (std::int64_t i = 0; i < d.size; ++i) {
    const T g = d.scale * d.g[i];
    v[i] = beta * v[i] + rest * (g * g);
    w[i] -= rate * g / (std::sqrt(v[i]) + eps);
  }
}
GRADC_STEP_INSTANCES(step)

constexpr ParameterInfo parameters[] = {
    rate_parameter(0.001), factor_parameter("beta", 0.9), {.name = "eps", .fallback = 1e-8, .lowest = 0}};

}  // namespace

extern const Optimizer rmsprop_optimizer;
const Optimizer rmsprop_optimizer = {
    .name = "rmsprop",
    .parameters = parameters,
    .moments = 1,
    .step_f32 = step_f32,
    .step_f64 = step_f64,
    .update =
        R"(v \leftarrow \beta v + (1-\beta) g^2, \quad \theta \leftarrow \theta - \eta\,\frac{g}{\sqrt{v}+\epsilon})"};

}  // namespace gradc
