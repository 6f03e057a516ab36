// What a model makes of examples that it does not learn from: mean loss and metrics, and predictions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "compiler/support/result.h"
#include "runtime/bound_call.h"
#include "runtime/dataset/dataset.h"

namespace gradc {

// A compiled model with all that it is given once.
struct ModelInstance {
  const gradc_model_info* model = nullptr;
  std::vector<NamedSize> sizes = {};  // run-time sizes, but for the number of examples
  std::span<const NamedArray> consts = {};
  std::span<const NamedArray> params = {};
  std::span<const NamedArray> statistics = {};  // what training has kept of reductions over the batch
  std::uint64_t seed = 0;                       // of noise, where it is drawn
};

// Means over the examples.
struct Scores {
  double loss = 0;
  std::vector<double> metrics;  // in the order of metric_names()
};

std::vector<std::string> metric_names(const gradc_function_info& function);
std::string loss_name(const gradc_function_info& function);  // of the minimised quantity

// Of all examples, or of those listed.
Result<Scores> evaluate(const ModelInstance& instance, const Dataset& data, std::int64_t batch = 256);
Result<Scores> evaluate(const ModelInstance& instance, const Dataset& data,
                        std::span<const std::int64_t> examples, std::int64_t batch = 256);

// The outputs of `predict`, [examples, ...] each; one that does not differ between examples comes once.
Result<std::vector<NamedArray>> predict(const ModelInstance& instance, const Dataset& data,
                                        std::int64_t batch = 256);

// A failure reported by compiled code, as the user is told of it; nothing for GRADC_OK.
Diagnostics status_diagnostics(std::int32_t status, std::string_view function);
// The same of a batch; a mistake says for which example, the first that fails by itself: `run_one` runs the
// function for one alone.
Diagnostics status_diagnostics(std::int32_t status, std::string_view function,
                               std::span<const std::int64_t> examples,
                               const std::function<std::int32_t(std::span<const std::int64_t>)>& run_one);

}  // namespace gradc
