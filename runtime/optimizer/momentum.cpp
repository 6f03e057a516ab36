// Gradient descent with momentum: Polyak, "Some methods of speeding up the convergence of iteration methods",
// 1964; in the form of Sutskever et al., ICML 2013, with the rate outside: v ← βv + g, θ ← θ - ηv. Nesterov's
// accelerated gradient: "A method of solving a convex programming problem with convergence rate O(1/k²)",
// 1983; in the form that needs the gradient at θ only (Bengio, Boulanger-Lewandowski & Pascanu, ICASSP 2013).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/optimizer/step.h"

namespace gradc {
namespace {

template <class T, bool looks_ahead>
GRADC_STEP_BODY void step(const StepSettings& settings, const StepData<T>& d) {
  const T rate = static_cast<T>(settings.values[0]);
  const T beta = static_cast<T>(settings.values[1]);
  T* __restrict w = d.w;
  T* __restrict m = d.m;
  for (std::int64_t i = 0; i < d.size; ++i) {
    const T g = d.scale * d.g[i];
    m[i] = beta * m[i] + g;
    w[i] -= rate * (looks_ahead ? g + beta * m[i] : m[i]);
  }
}
GRADC_STEP_INSTANCES(momentum, false)
GRADC_STEP_INSTANCES(nesterov, true)

constexpr ParameterInfo parameters[] = {rate_parameter(ParameterInfo::required),
                                        factor_parameter("beta", 0.9)};

}  // namespace

extern const Optimizer momentum_optimizer, nesterov_optimizer;
const Optimizer momentum_optimizer = {
    .name = "momentum",
    .parameters = parameters,
    .moments = 1,
    .step_f32 = momentum_f32,
    .step_f64 = momentum_f64,
    .update = R"(v \leftarrow \beta v + g, \quad \theta \leftarrow \theta - \eta\, v)"};

const Optimizer nesterov_optimizer = {
    .name = "nesterov",
    .parameters = parameters,
    .moments = 1,
    .step_f32 = nesterov_f32,
    .step_f64 = nesterov_f64,
    .update = R"(v \leftarrow \beta v + g, \quad \theta \leftarrow \theta - \eta\,(g + \beta v))"};

}  // namespace gradc
