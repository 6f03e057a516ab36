// One evaluation of loss, metrics and the gradients of all parameters: the compiled `gradient`, and `penalty`
// if there is one. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "compiler/support/diagnostic.h"
#include "runtime/bound_call.h"

namespace gradc {

class GradientCall {
 public:
  // `params` and `consts` outlive it and keep their memory; batches have up to `capacity` examples.
  GradientCall(const gradc_model_info& model, std::span<const NamedSize> sizes,
               std::span<const NamedArray> consts, std::span<const NamedArray> params, std::int64_t capacity);

  BoundCall& call() { return call_; }  // whose inputs the caller binds
  const gradc_function_info& info() const { return call_.info(); }
  bool has_penalty() const { return penalty_call_.has_value(); }

  // Should it fail: says for which of the examples, each of which `feed` makes ready in turn.
  Diagnostics run(std::int64_t n, std::span<const std::int64_t> examples,
                  const std::function<void(std::span<const std::int64_t>)>& feed);
  double loss_sum() const { return loss_.value(0); }
  double metric_sum(std::size_t metric) const { return metrics_[metric].value(0); }
  double penalty() const;  // the sum of all
  // What was computed across the batch, by name.
  const std::vector<NamedArray>& batch_values() const { return batch_values_; }

  // Makes the gradient of the mean over n examples plus penalties from the sums. What it returns is still to
  // be multiplied with: 1/n where that is exact, so that the optimizer's pass does it, else 1.
  double finish(std::int64_t n);
  // Of parameter i; null if the model has none.
  const HostArray* gradient(std::size_t param) const;

 private:
  BoundCall call_;
  std::optional<BoundCall> penalty_call_;
  HostArray loss_;
  std::vector<HostArray> metrics_;
  std::vector<HostArray> penalties_;
  std::vector<NamedArray> batch_values_;
  std::vector<std::optional<HostArray>> gradients_;          // per parameter
  std::vector<std::optional<HostArray>> penalty_gradients_;  // likewise
};

}  // namespace gradc
