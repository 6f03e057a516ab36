// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/optimizer/optimizer.h"

#include <fmt/format.h>

#include "runtime/thread_pool.h"

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

// What a thread has at least to move for its help to be worth it.
constexpr std::int64_t least_moved = std::int64_t{1} << 14;

// All elements are moved each by itself.
template <class T>
void step(void (*of)(const StepSettings&, const StepData<T>&), const StepSettings& settings,
          const StepData<T>& all) {
  in_ranges(all.size, least_moved, [&](std::int64_t first, std::int64_t end) {
    const auto from = [&](auto* elements) { return elements ? elements + first : nullptr; };
    of(settings, {end - first, from(all.w), from(all.g), all.scale, from(all.m), from(all.v)});
  });
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
    step(optimizer_->step_f32, settings, step_data<float>(value, gradient, scale, moments_[param]));
  else
    step(optimizer_->step_f64, settings, step_data<double>(value, gradient, scale, moments_[param]));
}

}  // namespace gradc
