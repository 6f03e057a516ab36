// What a person sees of a training: a line that is rewritten while it runs, and the numbers at its end.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>

#include "compiler/driver/model_file.h"
#include "runtime/train_loop.h"

namespace gradc::driver {

class Progress {
 public:
  // On a terminal one line is rewritten; elsewhere about ten epochs get a line each.
  explicit Progress(std::int64_t epochs);
  TrainObserver observer();
  void finish(const TrainResult& result);

 private:
  void step(const StepProgress& progress);
  void epoch(const EpochRecord& record);
  void rewrite(const std::string& line);

  std::int64_t epochs_;
  bool terminal_;
  std::chrono::steady_clock::time_point shown_{};
  std::string last_epoch_;  // what the line says of the epoch before
};

// The table of scores, small parameters, and where the run's files lie.
void print_results(const TrainResult& result, std::span<const NamedArray> params,
                   const std::optional<Scores>& test, const std::string& folder);

}  // namespace gradc::driver
