// Gradient descent with momentum: Polyak, "Some methods of speeding up the convergence of iteration methods",
// 1964; in the form of Sutskever et al., ICML 2013, with the rate outside: v ← βv + g, θ ← θ - ηv.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
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
    m[i] = beta * m[i] + d.scale * d.g[i];
    w[i] -= rate * m[i];
  }
}
GRADC_STEP_INSTANCES

constexpr ParameterInfo parameters[] = {rate_parameter(ParameterInfo::required),
                                        factor_parameter("beta", 0.9)};

}  // namespace

extern const Optimizer momentum_optimizer;
const Optimizer momentum_optimizer = {
    .name = "momentum",
    .parameters = parameters,
    .moments = 1,
    .step_f32 = step_f32,
    .step_f64 = step_f64,
    .update = R"(v \leftarrow \beta v + g, \quad \theta \leftarrow \theta - \eta\, v)"};

}  // namespace gradc
