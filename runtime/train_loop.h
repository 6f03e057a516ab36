// Training: batches of examples in random order, gradients from the compiled model, steps of an optimizer.
//
// The compiled `gradient` returns sums over a batch; here they are divided by the number of examples, and
// then the gradient of the penalties is added once. The last batch of an epoch may be smaller. The same seed
// gives the same bits. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "runtime/dataset/dataset.h"
#include "runtime/scores.h"
#include "runtime/train_options.h"

namespace gradc {

struct TrainTask {
  const gradc_model_info* model = nullptr;
  std::vector<NamedSize> sizes = {};  // run-time sizes, but for the number of examples
  std::span<const NamedArray> consts = {};
  const Dataset* data = nullptr;  // null: the model has no inputs, and each epoch is one step
};

struct EpochRecord {
  std::int64_t epoch = 0;  // from 1
  Scores train;            // means over the epoch's examples, each at the parameters of its step
  double penalty = 0;      // the sum of the penalties, mean over the epoch's steps
  std::optional<Scores> validation;
  double seconds = 0;
};

struct StepProgress {
  std::int64_t epoch = 0;  // from 1
  std::int64_t epochs = 0;
  std::int64_t examples_done = 0;  // of this epoch
  std::int64_t examples = 0;
  double loss = 0;  // mean over the epoch so far
};

struct TrainObserver {
  std::function<void(const StepProgress&)> on_step = {};
  std::function<void(const EpochRecord&)> on_epoch = {};
};

enum class TrainEnd { finished, interrupted, failed };

struct TrainResult {
  TrainEnd end = TrainEnd::finished;
  std::int64_t steps = 0;
  std::vector<EpochRecord> history;  // whole epochs
  std::vector<std::string> metrics;  // the names of the scores' metrics
  std::string loss;                  // the name of the minimised quantity
  bool has_penalty = false;
  std::vector<NamedArray> statistics;  // of reductions over the batch: their means over the last whole epoch
  Diagnostics diagnostics;
};

// Moves `params`, which hold the initial values. When the loss is not finite, they are set back to the last
// values for which it was; when a signal comes (interrupt.h), the step is finished.
TrainResult train(const TrainTask& task, std::vector<NamedArray>& params, const TrainOptions& options,
                  const TrainObserver& observer = {});

}  // namespace gradc
