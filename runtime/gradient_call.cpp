// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/gradient_call.h"

#include <bit>

#include "runtime/scores.h"

namespace gradc {
namespace {

const gradc_function_info& gradient_function(const gradc_model_info& model) {
  const gradc_function_info* function = find_function(model, "gradient");
  GRADC_CHECK(function != nullptr, "a model that can be trained was expected");
  return *function;
}

// The gradients that a function gives, per parameter.
std::vector<std::optional<HostArray>> allocate_gradients(BoundCall& call, std::span<const NamedArray> params,
                                                         std::int64_t capacity) {
  std::vector<std::optional<HostArray>> gradients(params.size());
  const gradc_function_info& info = call.info();
  for (std::int32_t i = 0; i < info.n_arrays; ++i) {
    if (info.arrays[i].role != GRADC_GRADIENT) continue;
    const std::string_view of = info.arrays[info.arrays[i].of].name;
    std::size_t param = 0;
    while (param < params.size() && params[param].name != of) ++param;
    GRADC_CHECK(param < params.size(),
                "a gradient of a parameter was expected, saw one of " + std::string(of));
    gradients[param] = call.allocate(i, capacity);
  }
  return gradients;
}

// sums / n + penalty, or sums / n
template <class T>
void add_up(std::span<T> sums, T n, const std::optional<HostArray>& penalty) {
  for (T& sum : sums) sum /= n;
  if (!penalty) return;
  const std::span<const T> more = penalty->as<T>();
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += more[i];
}

}  // namespace

GradientCall::GradientCall(const gradc_model_info& model, std::span<const NamedSize> sizes,
                           std::span<const NamedArray> consts, std::span<const NamedArray> params,
                           std::int64_t capacity)
    : call_(gradient_function(model), sizes), penalty_gradients_(params.size()) {
  call_.bind_role(GRADC_PARAM, params);
  call_.bind_role(GRADC_CONST, consts);
  gradients_ = allocate_gradients(call_, params, capacity);
  for (std::int32_t i = 0; i < info().n_arrays; ++i) {
    if (info().arrays[i].role == GRADC_LOSS) loss_ = call_.allocate(i, capacity);
    if (info().arrays[i].role == GRADC_METRIC) metrics_.push_back(call_.allocate(i, capacity));
    if (info().arrays[i].role == GRADC_BATCH_VALUE)
      batch_values_.push_back({info().arrays[i].name, call_.allocate(i, capacity)});
  }
  const gradc_function_info* penalty = find_function(model, "penalty");
  if (penalty == nullptr) return;
  penalty_call_.emplace(*penalty, sizes);
  penalty_call_->bind_role(GRADC_PARAM, params);
  penalty_call_->bind_role(GRADC_CONST, consts);
  penalty_gradients_ = allocate_gradients(*penalty_call_, params, 1);
  for (std::int32_t i = 0; i < penalty->n_arrays; ++i)
    if (penalty->arrays[i].role == GRADC_PENALTY) penalties_.push_back(penalty_call_->allocate(i, 1));
}

Diagnostics GradientCall::run(std::int64_t n, std::span<const std::int64_t> examples,
                              const std::function<void(std::span<const std::int64_t>)>& feed) {
  Diagnostics diagnostics =
      status_diagnostics(call_.run(n), info().name, examples, [&](std::span<const std::int64_t> one) {
        feed(one);
        return call_.run(1);
      });
  if (penalty_call_ && !has_errors(diagnostics)) {
    const Diagnostics more = status_diagnostics(penalty_call_->run(1), penalty_call_->info().name);
    diagnostics.insert(diagnostics.end(), more.begin(), more.end());
  }
  return diagnostics;
}

double GradientCall::penalty() const {
  double sum = 0;
  for (const HostArray& value : penalties_) sum += value.value(0);
  return sum;
}

double GradientCall::finish(std::int64_t n) {
  if (!penalty_call_ && std::has_single_bit(static_cast<std::uint64_t>(n)))
    return 1.0 / static_cast<double>(n);
  for (std::size_t i = 0; i < gradients_.size(); ++i) {
    if (!gradients_[i]) continue;  // of a parameter that only the penalties have
    HostArray& sum = *gradients_[i];
    if (sum.storage() == Storage::f32)
      add_up<float>(sum.as<float>(), static_cast<float>(n), penalty_gradients_[i]);
    else
      add_up<double>(sum.as<double>(), static_cast<double>(n), penalty_gradients_[i]);
  }
  return 1;
}

const HostArray* GradientCall::gradient(std::size_t param) const {
  const std::optional<HostArray>& gradient =
      gradients_[param] ? gradients_[param] : penalty_gradients_[param];
  return gradient ? &*gradient : nullptr;
}

}  // namespace gradc
