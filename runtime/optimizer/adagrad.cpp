// AdaGrad: Duchi, Hazan & Singer, "Adaptive subgradient methods for online learning and stochastic
// optimization", 2011. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/optimizer/step.h"

namespace gradc {
namespace {

template <class T>
GRADC_STEP_BODY void step(const StepSettings& settings, const StepData<T>& d) {
  const T rate = static_cast<T>(settings.values[0]);
  const T eps = static_cast<T>(settings.values[1]);
  T* __restrict w = d.w;
  T* __restrict v = d.m;
  for (std::int64_t i = 0; i < d.size; ++i) {
    const T g = d.scale * d.g[i];
    v[i] += g * g;
    w[i] -= rate * g / (std::sqrt(v[i]) + eps);
  }
}
GRADC_STEP_INSTANCES(step)

constexpr ParameterInfo parameters[] = {rate_parameter(0.01),
                                        {.name = "eps", .fallback = 1e-10, .lowest = 0}};

}  // namespace

extern const Optimizer adagrad_optimizer;
const Optimizer adagrad_optimizer = {
    .name = "adagrad",
    .parameters = parameters,
    .moments = 1,
    .step_f32 = step_f32,
    .step_f64 = step_f64,
    .update = R"(v \leftarrow v + g^2, \quad \theta \leftarrow \theta - \eta\,\frac{g}{\sqrt{v}+\epsilon})"};

}  // namespace gradc
