// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/history.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "runtime/dataset/read_bytes.h"
#include "runtime/plot_svg.h"
#include "runtime/run_dir.h"

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

namespace {

std::vector<std::string> cells(std::string_view line) {
  std::vector<std::string> found;
  for (;;) {
    const std::size_t end = line.find(',');
    found.emplace_back(line.substr(0, end));
    if (end == line.npos) return found;
    line.remove_prefix(end + 1);
  }
}

// The loss of each part by epoch, from the table that the run has.
std::string plot_of(std::string_view csv, const std::string& model_name) {
  const auto next_line = [&] {
    const std::size_t end = std::min(csv.find('\n'), csv.size());
    const std::string_view line = csv.substr(0, end);
    csv.remove_prefix(std::min(end + 1, csv.size()));
    return line;
  };
  const std::vector<std::string> names = cells(next_line());
  const auto first_of = [&](std::string_view part) {  // the loss stands in front of the metrics
    return static_cast<std::size_t>(
        std::ranges::find_if(names, [&](const std::string& name) { return name.starts_with(part); }) -
        names.begin());
  };
  const std::size_t train = first_of("train."), validation = first_of("validation.");
  const std::string loss = train < names.size() ? names[train].substr(6) : "";
  Plot plot{.title = fmt::format("{}: {} by epoch", model_name, loss),
            .x_label = "epoch",
            .y_label = loss,
            .series = {{.name = "training"}}};
  if (validation < names.size()) plot.series.push_back({.name = "validation"});
  while (!csv.empty()) {
    const std::vector<std::string> row = cells(next_line());
    for (std::size_t k = 0; k < plot.series.size(); ++k) {
      const std::size_t column = k == 0 ? train : validation;
      if (column >= row.size()) continue;
      plot.series[k].x.push_back(std::strtod(row[0].c_str(), nullptr));
      plot.series[k].y.push_back(std::strtod(row[column].c_str(), nullptr));
    }
  }
  return plot_svg(plot);
}

}  // namespace

std::string history_svg(const TrainResult& result, const std::string& model_name) {
  return plot_of(history_csv(result), model_name);
}

Result<std::string> history_picture(const std::string& folder) {
  const Result<Run> run = open_run(folder);
  if (!run) return run.diagnostics();
  const Result<std::string> csv = read_bytes(folder + "/history.csv", {});
  if (!csv) return csv.diagnostics();
  return plot_of(*csv, run->settings.model);
}

}  // namespace gradc
