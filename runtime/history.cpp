// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/history.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/plot_svg.h"

namespace gradc {
namespace {

bool has_validation(const TrainResult& result) {
  return std::any_of(result.history.begin(), result.history.end(),
                     [](const EpochRecord& record) { return record.validation.has_value(); });
}

std::string score_names(const TrainResult& result, std::string_view part) {
  std::string text = fmt::format(",{}.{}", part, result.loss);
  for (const std::string& metric : result.metrics) text += fmt::format(",{}.{}", part, metric);
  return text;
}

std::string score_values(const Scores& scores) {
  std::string text = fmt::format(",{}", scores.loss);
  for (const double metric : scores.metrics) text += fmt::format(",{}", metric);
  return text;
}

}  // namespace

std::string history_csv(const TrainResult& result) {
  const bool validation = has_validation(result);
  std::string csv = "epoch" + score_names(result, "train");
  if (result.has_penalty) csv += ",penalty";
  if (validation) csv += score_names(result, "validation");
  csv += ",seconds\n";
  for (const EpochRecord& record : result.history) {
    csv += std::to_string(record.epoch) + score_values(record.train);
    if (result.has_penalty) csv += fmt::format(",{}", record.penalty);
    if (validation) csv += score_values(record.validation.value_or(Scores{}));
    csv += fmt::format(",{:.6f}\n", record.seconds);
  }
  return csv;
}

std::string history_svg(const TrainResult& result, const std::string& model_name) {
  Plot plot = {.title = fmt::format("{}: {} by epoch", model_name, result.loss),
               .x_label = "epoch",
               .y_label = result.loss,
               .series = {{.name = "training"}}};
  if (has_validation(result)) plot.series.push_back({.name = "validation"});
  for (const EpochRecord& record : result.history) {
    const double epoch = static_cast<double>(record.epoch);
    plot.series[0].x.push_back(epoch);
    plot.series[0].y.push_back(record.train.loss);
    if (!record.validation) continue;
    plot.series[1].x.push_back(epoch);
    plot.series[1].y.push_back(record.validation->loss);
  }
  return plot_svg(plot);
}

}  // namespace gradc
