// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/optimizer/optimizer.h"

#include <fmt/format.h>

namespace gradc {

extern const Optimizer sgd_optimizer, momentum_optimizer, nesterov_optimizer, adam_optimizer, adamw_optimizer,
    rmsprop_optimizer, adagrad_optimizer;

namespace {

constexpr const Optimizer* table[] = {&sgd_optimizer,    &momentum_optimizer, &nesterov_optimizer,
                                      &adam_optimizer,   &adamw_optimizer,    &rmsprop_optimizer,
                                      &adagrad_optimizer};

template <class T>
StepData<T> step_data(HostArray& value, const HostArray& gradient, double scale,
                      std::vector<HostArray>& moments) {
  const auto moment = [&](std::size_t i) { return i < moments.size() ? moments[i].as<T>().data() : nullptr; };
  return {value.size(), value.as<T>().data(), gradient.as<T>().data(), static_cast<T>(scale), moment(0),
          moment(1)};
}

}  // namespace

std::span<const Optimizer* const> all_optimizers() { return table; }

Result<OptimizerState> OptimizerState::create(const NamedCall& choice, std::span<const NamedArray> params) {
  OptimizerState state;
  std::vector<std::string> names;
  for (const Optimizer* optimizer : table) {
    names.emplace_back(optimizer->name);
    if (optimizer->name == choice.name) state.optimizer_ = optimizer;
  }
  if (state.optimizer_ == nullptr) return unknown_entry("optimizer", choice.name, names);
  Result<std::vector<double>> values = match_arguments(fmt::format("optimizer `{}`", choice.name),
                                                       state.optimizer_->parameters, choice.arguments);
  if (!values) return values.diagnostics();
  state.values_ = std::move(*values);
  for (const NamedArray& param : params) {
    std::vector<HostArray>& moments = state.moments_.emplace_back();
    for (int i = 0; i < state.optimizer_->moments; ++i)
      moments.emplace_back(param.array.storage(), param.array.shape());
  }
  return state;
}

void OptimizerState::apply(std::size_t param, HostArray& value, const HostArray& gradient, double scale) {
  GRADC_CHECK(value.shape() == gradient.shape(), "a gradient of the parameter's shape was expected");
  const StepSettings settings = {values_, step_};
  if (value.storage() == Storage::f32)
    optimizer_->step_f32(settings, step_data<float>(value, gradient, scale, moments_[param]));
  else
    optimizer_->step_f64(settings, step_data<double>(value, gradient, scale, moments_[param]));
}

}  // namespace gradc
