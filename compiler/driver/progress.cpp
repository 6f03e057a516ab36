// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "compiler/driver/print_values.h"

namespace gradc::driver {
namespace {

constexpr std::chrono::milliseconds between_rewrites{100};

std::string score(double value) { return fmt::format("{:.4g}", value); }

}  // namespace

Progress::Progress(std::int64_t epochs) : epochs_(epochs), terminal_(isatty(STDERR_FILENO) == 1) {}

TrainObserver Progress::observer() {
  TrainObserver observer;
  if (terminal_) observer.on_step = [this](const StepProgress& progress) { step(progress); };
  observer.on_epoch = [this](const EpochRecord& record) { epoch(record); };
  return observer;
}

void Progress::rewrite(const std::string& line) {
  fmt::print(stderr, "\r{}\x1b[K", line);
  std::fflush(stderr);
}

void Progress::step(const StepProgress& progress) {
  const auto now = std::chrono::steady_clock::now();
  if (now - shown_ < between_rewrites) return;
  shown_ = now;
  rewrite(fmt::format("epoch {}/{}  {:>3}%  loss {}{}", progress.epoch, epochs_,
                      progress.examples == 0 ? 100 : 100 * progress.examples_done / progress.examples,
                      score(progress.loss), last_epoch_));
}

void Progress::epoch(const EpochRecord& record) {
  last_epoch_ = record.validation ? fmt::format("  validation {}", score(record.validation->loss)) : "";
  const std::string line =
      fmt::format("epoch {}/{}  loss {}{}", record.epoch, epochs_, score(record.train.loss), last_epoch_);
  if (terminal_) {
    const auto now = std::chrono::steady_clock::now();
    if (now - shown_ < between_rewrites && record.epoch != epochs_) return;
    shown_ = now;
    rewrite(line);
    return;
  }
  const std::int64_t every = std::max<std::int64_t>(1, (epochs_ + 9) / 10);
  if (record.epoch == 1 || record.epoch % every == 0 || record.epoch == epochs_)
    fmt::print(stderr, "{}\n", line);
}

void Progress::finish(const TrainResult& result) {
  if (terminal_) fmt::print(stderr, "\n");
  if (result.end == TrainEnd::interrupted)
    fmt::print(stderr, "interrupted; what was learned so far is kept\n");
}

void print_results(const TrainResult& result, std::span<const NamedArray> params,
                   const std::optional<Scores>& test, const std::string& folder) {
  std::vector<std::pair<std::string, Scores>> rows;
  if (!result.history.empty()) {
    rows.emplace_back("training", result.history.back().train);
    if (result.history.back().validation) rows.emplace_back("validation", *result.history.back().validation);
  }
  if (test) rows.emplace_back("test", *test);
  if (!rows.empty()) {
    std::vector<std::string> names{result.loss};
    names.insert(names.end(), result.metrics.begin(), result.metrics.end());
    std::string head = fmt::format("{:<10}", "");
    for (const std::string& name : names) head += fmt::format("  {:>12}", name);
    fmt::print("{}\n", head);
    for (const auto& [name, scores] : rows) {
      std::string line = fmt::format("{:<10}  {:>12}", name, score(scores.loss));
      for (std::size_t k = 0; k < scores.metrics.size(); ++k)
        line +=
            fmt::format("  {:>{}}", score(scores.metrics[k]), std::max<std::size_t>(12, names[k + 1].size()));
      fmt::print("{}\n", line);
    }
  }
  if (result.has_penalty && !result.history.empty())
    fmt::print("penalties  {:>12}\n", score(result.history.back().penalty));
  for (const NamedArray& param : params) {
    if (param.array.size() > 8 || param.array.shape().size() > 1) continue;
    std::string text;
    for (std::int64_t i = 0; i < param.array.size(); ++i)
      text += (i == 0 ? "" : ", ") + score(param.array.value(i));
    fmt::print("{} = {}\n", param.name, param.array.shape().empty() ? text : "[" + text + "]");
  }
  fmt::print("the run is in {}: params.safetensors, history.csv, loss.svg\n", folder);
}

}  // namespace gradc::driver
