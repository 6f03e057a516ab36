// How parameters move against their gradient. One file per optimizer and its close kin; the table in optimizer.cpp lists them.
//
// A step is one pass over a parameter and its moments, written so that it vectorises; the scalars of a step
// (rates, corrections of bias) are computed in f64 and rounded once. Vectors of any width give the same bits.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "runtime/arguments.h"
#include "runtime/host_array.h"

namespace gradc {

// One parameter of type T (float or double) in one step.
template <class T>
struct StepData {
  std::int64_t size;
  T* w;
  const T* g;  // the gradient is scale * g
  T scale;
  T* m;  // first moment, if the optimizer has one
  T* v;  // second moment, likewise
};

struct StepSettings {
  std::span<const double> values;  // as `parameters`; values[0] is the rate
  std::int64_t step;               // from 1
};

struct Optimizer {
  const char* name;
  std::span<const ParameterInfo> parameters;
  int moments;  // buffers of the parameter's shape, all 0 at the start
  void (*step_f32)(const StepSettings&, const StepData<float>&);
  void (*step_f64)(const StepSettings&, const StepData<double>&);
  const char* update;  // in LaTeX, for a parameter θ with gradient g
};

std::span<const Optimizer* const> all_optimizers();

// An optimizer at work on a model's parameters.
class OptimizerState {
 public:
  // Moments for `params`, in their order.
  static Result<OptimizerState> create(const NamedCall& choice, std::span<const NamedArray> params);

  // Begins the next step; then `apply` moves each parameter. The gradient is scale * gradient.
  void begin_step() { ++step_; }
  void apply(std::size_t param, HostArray& value, const HostArray& gradient, double scale);

  const Optimizer& optimizer() const { return *optimizer_; }
  const std::vector<double>& values() const { return values_; }  // settings with their defaults filled in

 private:
  const Optimizer* optimizer_ = nullptr;
  std::vector<double> values_;
  std::vector<std::vector<HostArray>> moments_;  // [param][moment]
  std::int64_t step_ = 0;
};

}  // namespace gradc
