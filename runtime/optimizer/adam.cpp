// Adam: Kingma & Ba, "Adam: a method for stochastic optimization", ICLR 2015, Algorithm 1.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/optimizer/step.h"

namespace gradc {
namespace {

template <class T>
GRADC_STEP_BODY void step(const StepSettings& settings, const StepData<T>& d) {
  const double b1 = settings.values[1], b2 = settings.values[2];
  const double t = static_cast<double>(settings.step);
  const T beta1 = static_cast<T>(b1), rest1 = static_cast<T>(1 - b1);
  const T beta2 = static_cast<T>(b2), rest2 = static_cast<T>(1 - b2);
  const T rate = static_cast<T>(settings.values[0] / (1 - std::pow(b1, t)));
  const T correction = static_cast<T>(1 / std::sqrt(1 - std::pow(b2, t)));
  const T eps = static_cast<T>(settings.values[3]);
  T* __restrict w = d.w;
  T* __restrict m = d.m;
  T* __restrict v = d.v;
  for (std::int64_t i = 0; i < d.size; ++i) {
    const T g = d.scale * d.g[i];
    m[i] = beta1 * m[i] + rest1 * g;
    v[i] = beta2 * v[i] + rest2 * (g * g);
    w[i] -= rate * m[i] / (std::sqrt(v[i]) * correction + eps);
  }
}
GRADC_STEP_INSTANCES

constexpr ParameterInfo parameters[] = {rate_parameter(0.001),
                                        factor_parameter("beta1", 0.9),
                                        factor_parameter("beta2", 0.999),
                                        {.name = "eps", .fallback = 1e-8, .lowest = 0}};

}  // namespace

extern const Optimizer adam_optimizer;
const Optimizer adam_optimizer = {
    .name = "adam",
    .parameters = parameters,
    .moments = 2,
    .step_f32 = step_f32,
    .step_f64 = step_f64,
    .update =
        R"(m \leftarrow \beta_1 m + (1-\beta_1) g, \quad v \leftarrow \beta_2 v + (1-\beta_2) g^2, \quad )"
        R"(\theta \leftarrow \theta - \eta\,\frac{m/(1-\beta_1^t)}{\sqrt{v/(1-\beta_2^t)}+\epsilon})"};

}  // namespace gradc
