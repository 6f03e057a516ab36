// Stochastic gradient descent: Robbins & Monro, "A stochastic approximation method", 1951.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/optimizer/step.h"

namespace gradc {
namespace {

template <class T>
GRADC_STEP_BODY void step(const StepSettings& settings, const StepData<T>& d) {
  const T rate = static_cast<T>(settings.values[0]);
  T* __restrict w = d.w;
  for (std::int64_t i = 0; i < d.size; ++i) w[i] -= rate * (d.scale * d.g[i]);
}
GRADC_STEP_INSTANCES(step)

constexpr ParameterInfo parameters[] = {rate_parameter(ParameterInfo::required)};

}  // namespace

extern const Optimizer sgd_optimizer;
const Optimizer sgd_optimizer = {.name = "sgd",
                                 .parameters = parameters,
                                 .moments = 0,
                                 .step_f32 = step_f32,
                                 .step_f64 = step_f64,
                                 .update = R"(\theta \leftarrow \theta - \eta\, g)"};

}  // namespace gradc
