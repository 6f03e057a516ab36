// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/scores.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "runtime/batch_feeder.h"
#include "runtime/data_error.h"
#include "runtime/noise.h"

namespace gradc {
namespace {

const gradc_function_info& need_function(const gradc_model_info& model, std::string_view name) {
  const gradc_function_info* function = find_function(model, name);
  GRADC_CHECK(function != nullptr, "a model with a function `" + std::string(name) + "` was expected");
  return *function;
}

std::vector<std::int64_t> all_examples(const Dataset& data) {
  std::vector<std::int64_t> examples(static_cast<std::size_t>(data.examples));
  std::iota(examples.begin(), examples.end(), std::int64_t{0});
  return examples;
}

// Runs a function for all examples, and `after` behind each batch, up to the first mistake. Of warnings the
// first is kept.
Diagnostics in_batches(std::string_view function, std::span<const std::int64_t> examples, std::int64_t batch,
                       const std::function<std::int32_t(std::span<const std::int64_t>)>& run,
                       const std::function<void()>& after) {
  Diagnostics diagnostics;
  for (std::int64_t begin = 0; begin < std::ssize(examples); begin += batch) {
    const std::span<const std::int64_t> part = batch_from(examples, begin, batch);
    Diagnostics status = status_diagnostics(run(part), function, part, run);
    if (has_errors(status)) return status;
    if (diagnostics.empty()) diagnostics = std::move(status);
    after();
  }
  return diagnostics;
}

}  // namespace

std::vector<std::string> metric_names(const gradc_function_info& function) {
  std::vector<std::string> names;
  for (const gradc_array_info& array : arrays(function))
    if (array.role == GRADC_METRIC) names.emplace_back(array.name);
  return names;
}

std::string loss_name(const gradc_function_info& function) {
  for (const gradc_array_info& array : arrays(function))
    if (array.role == GRADC_LOSS) return array.name;
  return "loss";
}

Diagnostics status_diagnostics(std::int32_t status, std::string_view function) {
  if (status == GRADC_OK) return {};
  const DiagnosticCode code = status == GRADC_NOT_CONVERGED ? DiagnosticCode::W545 : DiagnosticCode::E544;
  return {data_error(code, "", fmt::format("`{}` reports {}", function, status_text(status)))};
}

Diagnostics status_diagnostics(std::int32_t status, std::string_view function,
                               std::span<const std::int64_t> examples,
                               const std::function<std::int32_t(std::span<const std::int64_t>)>& run_one) {
  Diagnostics diagnostics = status_diagnostics(status, function);
  if (!has_errors(diagnostics)) return diagnostics;
  for (std::size_t k = 0; k < examples.size(); ++k) {
    if (run_one(examples.subspan(k, 1)) != status) continue;
    diagnostics.front().message += fmt::format(", for example {} (from 0) of the data", examples[k]);
    break;
  }
  return diagnostics;
}

Result<Scores> evaluate(const ModelInstance& instance, const Dataset& data, std::int64_t batch) {
  return evaluate(instance, data, all_examples(data), batch);
}

Result<Scores> evaluate(const ModelInstance& instance, const Dataset& data,
                        std::span<const std::int64_t> examples, std::int64_t batch) {
  const gradc_function_info& function = need_function(*instance.model, "evaluate");
  BoundCall call(function, with_longest(instance.sizes, &data));
  call.bind_role(GRADC_PARAM, instance.params);
  call.bind_role(GRADC_CONST, instance.consts);
  call.bind_role(GRADC_STATISTIC, instance.statistics);
  std::vector<double> sums;  // the loss, then the metrics
  std::vector<HostArray> outputs;
  std::vector<std::size_t> slots;
  for (std::int32_t i = 0; i < function.n_arrays; ++i) {
    const int role = function.arrays[i].role;
    if (!is_output(role)) continue;
    GRADC_CHECK(role == GRADC_LOSS || role == GRADC_METRIC, "`evaluate` gives a loss and metrics only");
    outputs.push_back(call.allocate(i, batch));
    sums.push_back(0);
    slots.push_back(role == GRADC_LOSS ? 0 : 1);
  }
  // The loss comes first, wherever the function has it.
  std::size_t metric = 1;
  for (std::size_t& slot : slots)
    if (slot != 0) slot = metric++;
  BatchFeeder feeder(call, data, batch);
  NoiseFeeder noise(call, instance.seed, batch);
  const auto run = [&](std::span<const std::int64_t> part) {
    feeder.feed(part);
    noise.feed(0, part);
    return call.run(std::ssize(part));
  };
  Diagnostics diagnostics = in_batches(function.name, examples, batch, run, [&] {
    for (std::size_t k = 0; k < outputs.size(); ++k) sums[slots[k]] += outputs[k].value(0);
  });
  if (has_errors(diagnostics)) return diagnostics;
  const double n = static_cast<double>(examples.size());
  Scores scores{.loss = sums.at(0) / n, .metrics = {}};
  for (std::size_t k = 1; k < sums.size(); ++k) scores.metrics.push_back(sums[k] / n);
  return {std::move(scores), std::move(diagnostics)};
}

Result<std::vector<NamedArray>> predict(const ModelInstance& instance, const Dataset& data,
                                        std::int64_t batch) {
  const gradc_function_info& function = need_function(*instance.model, "predict");
  BoundCall call(function, with_longest(instance.sizes, &data));
  call.bind_role(GRADC_PARAM, instance.params);
  call.bind_role(GRADC_CONST, instance.consts);
  call.bind_role(GRADC_STATISTIC, instance.statistics);
  struct Output {
    int array;
    std::size_t bytes_per_example;  // 0: the same for all
  };
  std::vector<Output> outputs;
  std::vector<NamedArray> results;
  for (std::int32_t i = 0; i < function.n_arrays; ++i) {
    const gradc_array_info& info = function.arrays[i];
    if (!is_output(info.role)) continue;
    const bool each = info.rank > 0 && info.extents[0].fixed < 0 && info.extents[0].size == function.batch;
    results.push_back({info.name, call.allocate(i, data.examples)});
    outputs.push_back(
        {i, each ? results.back().array.bytes().size() / static_cast<std::size_t>(data.examples) : 0});
  }
  BatchFeeder feeder(call, data, batch);
  NoiseFeeder noise(call, instance.seed, batch);
  const std::vector<std::int64_t> examples = all_examples(data);
  const auto run = [&](std::span<const std::int64_t> part) {
    feeder.feed(part);
    noise.feed(0, part);
    for (std::size_t k = 0; k < outputs.size(); ++k)  // results are written where they belong
      call.bind(outputs[k].array, results[k].array.bytes().data() +
                                      static_cast<std::size_t>(part[0]) * outputs[k].bytes_per_example);
    return call.run(std::ssize(part));
  };
  Diagnostics diagnostics = in_batches(function.name, examples, batch, run, [] {});
  if (has_errors(diagnostics)) return diagnostics;
  return {std::move(results), std::move(diagnostics)};
}

}  // namespace gradc
