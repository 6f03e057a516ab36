// Nesterov's accelerated gradient: "A method of solving a convex programming problem with convergence rate
// O(1/k²)", 1983; in the form that needs the gradient at θ only (Bengio, Boulanger-Lewandowski & Pascanu,
// ICASSP 2013). SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/optimizer/step.h"

namespace gradc {
namespace {

template <class T>
GRADC_STEP_BODY void step(const StepSettings& settings, const StepData<T>& d) {
  const T rate = static_cast<T>(settings.values[0]);
  const T beta = static_cast<T>(settings.values[1]);
  T* __restrict w = d.w;
  T* __restrict m = d.m;
  for (std::int64_t i = 0; i < d.size; ++i) {
    const T g = d.scale * d.g[i];
    m[i] = beta * m[i] + g;
    w[i] -= rate * (g + beta * m[i]);
  }
}
GRADC_STEP_INSTANCES

constexpr ParameterInfo parameters[] = {rate_parameter(ParameterInfo::required),
                                        factor_parameter("beta", 0.9)};

}  // namespace

extern const Optimizer nesterov_optimizer;
const Optimizer nesterov_optimizer = {
    .name = "nesterov",
    .parameters = parameters,
    .moments = 1,
    .step_f32 = step_f32,
    .step_f64 = step_f64,
    .update = R"(v \leftarrow \beta v + g, \quad \theta \leftarrow \theta - \eta\,(g + \beta v))"};

}  // namespace gradc
