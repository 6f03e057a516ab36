// Adam: Kingma & Ba, "Adam: a method for stochastic optimization", ICLR 2015, Algorithm 1. AdamW: Loshchilov
// & Hutter, "Decoupled weight decay regularization", ICLR 2019, Algorithm 2; the decay is scaled by the rate,
// as in common use: θ ← θ - ηλθ, then Adam's step. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/optimizer/step.h"

namespace gradc {
namespace {

template <class T, bool decays>
GRADC_STEP_BODY void step(const StepSettings& settings, const StepData<T>& d) {
  const double b1 = settings.values[1], b2 = settings.values[2];
  const double t = static_cast<double>(settings.step);
  const T beta1 = static_cast<T>(b1), rest1 = static_cast<T>(1 - b1);
  const T beta2 = static_cast<T>(b2), rest2 = static_cast<T>(1 - b2);
  const T rate = static_cast<T>(settings.values[0] / (1 - std::pow(b1, t)));
  const T correction = static_cast<T>(1 / std::sqrt(1 - std::pow(b2, t)));
  const T eps = static_cast<T>(settings.values[3]);
  const T kept = static_cast<T>(decays ? 1 - settings.values[0] * settings.values[4] : 1);
  T* __restrict w = d.w;
  T* __restrict m = d.m;
  T* __restrict v = d.v;
  for (std::int64_t i = 0; i < d.size; ++i) {
    const T g = d.scale * d.g[i];
    m[i] = beta1 * m[i] + rest1 * g;
    v[i] = beta2 * v[i] + rest2 * (g * g);
    w[i] = kept * w[i] - rate * m[i] / (std::sqrt(v[i]) * correction + eps);
  }
}
GRADC_STEP_INSTANCES(adam, false)
GRADC_STEP_INSTANCES(adamw, true)

// Adam's, then AdamW's.
constexpr ParameterInfo parameters[] = {rate_parameter(0.001),
                                        factor_parameter("beta1", 0.9),
                                        factor_parameter("beta2", 0.999),
                                        {.name = "eps", .fallback = 1e-8, .lowest = 0},
                                        {.name = "decay", .fallback = 0.01, .lowest = 0}};

}  // namespace

extern const Optimizer adam_optimizer, adamw_optimizer;
const Optimizer adam_optimizer = {
    .name = "adam",
    .parameters = std::span(parameters).first<4>(),
    .moments = 2,
    .step_f32 = adam_f32,
    .step_f64 = adam_f64,
    .update =
        R"(m \leftarrow \beta_1 m + (1-\beta_1) g, \quad v \leftarrow \beta_2 v + (1-\beta_2) g^2, \quad )"
        R"(\theta \leftarrow \theta - \eta\,\frac{m/(1-\beta_1^t)}{\sqrt{v/(1-\beta_2^t)}+\epsilon})"};

const Optimizer adamw_optimizer = {
    .name = "adamw",
    .parameters = parameters,
    .moments = 2,
    .step_f32 = adamw_f32,
    .step_f64 = adamw_f64,
    .update =
        R"(m \leftarrow \beta_1 m + (1-\beta_1) g, \quad v \leftarrow \beta_2 v + (1-\beta_2) g^2, \quad )"
        R"(\theta \leftarrow (1-\eta\lambda)\,\theta - \eta\,\frac{m/(1-\beta_1^t)}{\sqrt{v/(1-\beta_2^t)}+\epsilon})"};

}  // namespace gradc
