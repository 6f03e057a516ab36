// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/train_loop.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <numeric>

#include "runtime/batch_feeder.h"
#include "runtime/data_error.h"
#include "runtime/epoch_means.h"
#include "runtime/gradient_call.h"
#include "runtime/interrupt.h"
#include "runtime/noise.h"
#include "runtime/optimizer/optimizer.h"
#include "runtime/random.h"

namespace gradc {
namespace {

Diagnostics check_options(const TrainOptions& options) {
  Diagnostics faults;
  const auto fault = [&](std::string message, std::string help) {
    faults.push_back(data_error(DiagnosticCode::E542, "", std::move(message), std::move(help)));
  };
  if (options.batch < 1)
    fault(fmt::format("`batch` is {}", options.batch), "a batch has at least one example");
  if (options.epochs < 0) fault(fmt::format("`epochs` is {}", options.epochs), "it is at least 0");
  if (!(options.validation >= 0 && options.validation < 1))
    fault(fmt::format("`validation` is {}", options.validation),
          "it is a part of the examples, from 0 to less than 1");
  return faults;
}

// Which examples are learned from, and which only scored.
struct Split {
  std::vector<std::int64_t> train;
  std::vector<std::int64_t> validation;
};

Split split_examples(std::int64_t examples, const TrainOptions& options) {
  Split split;
  if (options.validation == 0) {
    split.train.resize(static_cast<std::size_t>(examples));
    std::iota(split.train.begin(), split.train.end(), std::int64_t{0});
    return split;
  }
  split.validation = permutation(examples, RandomStream(options.seed, "validation split"));
  const auto kept =
      static_cast<std::ptrdiff_t>(std::llround(options.validation * static_cast<double>(examples)));
  split.train.assign(split.validation.begin() + kept, split.validation.end());
  split.validation.resize(static_cast<std::size_t>(kept));
  std::sort(split.train.begin(), split.train.end());
  std::sort(split.validation.begin(), split.validation.end());
  return split;
}

class Training {
 public:
  Training(const TrainTask& task, std::vector<NamedArray>& params, const TrainOptions& options,
           const TrainObserver& observer, OptimizerState optimizer, Split split)
      : task_(task),
        params_(params),
        options_(options),
        observer_(observer),
        optimizer_(std::move(optimizer)),
        split_(std::move(split)),
        capacity_(std::clamp<std::int64_t>(std::ssize(split_.train), 1, options.batch)),
        gradient_(*task.model, with_longest(task.sizes, task.data), task.consts, params_, capacity_),
        noise_(gradient_.call(), options.seed, capacity_),
        statistics_(gradient_.batch_values()),
        finite_(params) {
    result_.statistics = statistics_.means();
    result_.metrics = metric_names(gradient_.info());
    result_.loss = loss_name(gradient_.info());
    result_.has_penalty = gradient_.has_penalty();
    if (task.data != nullptr) feeder_.emplace(gradient_.call(), *task.data, capacity_);
  }

  TrainResult run() {
    for (std::int64_t epoch = 1; epoch <= options_.epochs && going_on(); ++epoch) run_epoch(epoch);
    return std::move(result_);
  }

 private:
  bool going_on() const { return result_.end == TrainEnd::finished; }

  void run_epoch(std::int64_t epoch) {
    const auto begin_time = std::chrono::steady_clock::now();
    const std::vector<std::int64_t> order = example_order(epoch);
    const std::int64_t examples = task_.data == nullptr ? 1 : std::ssize(order);
    std::vector<double> sums(1 + result_.metrics.size(), 0.0);
    double penalty = 0;
    std::int64_t steps = 0;
    statistics_.begin_epoch();
    for (std::int64_t done = 0; done < examples;) {
      const std::int64_t n = std::min(capacity_, examples - done);
      const std::span<const std::int64_t> batch = batch_from(order, done, n);
      feed(batch);
      if (!take_step(epoch, batch, sums)) return;
      done += n;
      ++steps;
      penalty += gradient_.penalty();
      statistics_.add(gradient_.batch_values());
      if (observer_.on_step)
        observer_.on_step({epoch, options_.epochs, done, examples, sums[0] / static_cast<double>(done)});
      if (interrupt_signal() != 0) {
        result_.end = TrainEnd::interrupted;
        return;
      }
    }
    for (const NamedArray& param : params_)
      if (!all_finite(param.array))
        return fail_not_finite(fmt::format("`{}` is no longer finite after epoch {}", param.name, epoch));
    result_.statistics = statistics_.means();
    EpochRecord record;
    record.epoch = epoch;
    record.train.loss = sums[0] / static_cast<double>(examples);
    for (std::size_t i = 1; i < sums.size(); ++i)
      record.train.metrics.push_back(sums[i] / static_cast<double>(examples));
    record.penalty = penalty / static_cast<double>(steps);
    if (!split_.validation.empty()) {
      const Result<Scores> scores =
          evaluate({task_.model, task_.sizes, task_.consts, params_, result_.statistics}, *task_.data,
                   split_.validation, std::max<std::int64_t>(capacity_, 256));
      note(scores.diagnostics());
      if (!scores) return fail();
      record.validation = *scores;
    }
    record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_time).count();
    result_.history.push_back(record);
    if (observer_.on_epoch) observer_.on_epoch(record);
  }

  std::vector<std::int64_t> example_order(std::int64_t epoch) const {
    if (task_.data == nullptr) return {0};  // noise may be all that an example has
    if (!options_.shuffle) return split_.train;
    std::vector<std::int64_t> order = permutation(
        std::ssize(split_.train), RandomStream(options_.seed, "shuffle", static_cast<std::uint64_t>(epoch)));
    for (std::int64_t& example : order) example = split_.train[static_cast<std::size_t>(example)];
    return order;
  }

  void feed(std::span<const std::int64_t> batch) {
    if (feeder_) feeder_->feed(batch);
    noise_.feed(static_cast<std::uint64_t>(result_.steps), batch);
  }

  // False if training ends here.
  bool take_step(std::int64_t epoch, std::span<const std::int64_t> batch, std::vector<double>& sums) {
    const auto n = std::ssize(batch);
    const Diagnostics status = gradient_.run(n, feeder_ ? batch : std::span<const std::int64_t>{},
                                             [&](std::span<const std::int64_t> one) { feed(one); });
    note(status);
    if (has_errors(status)) return fail(), false;
    const double loss = gradient_.loss_sum() / static_cast<double>(n);
    if (!std::isfinite(loss) || !std::isfinite(gradient_.penalty())) {
      const bool lost = std::isfinite(loss);
      fail_not_finite(fmt::format("{} is {} in step {} of epoch {}",
                                  lost ? "the penalty" : "`" + result_.loss + "`",
                                  lost ? gradient_.penalty() : loss, result_.steps + 1, epoch));
      return false;
    }
    sums[0] += gradient_.loss_sum();
    for (std::size_t i = 0; i < result_.metrics.size(); ++i) sums[1 + i] += gradient_.metric_sum(i);
    // Once an epoch: these parameters are known to give a finite loss.
    if (finite_epoch_ != epoch) {
      for (std::size_t i = 0; i < params_.size(); ++i)
        std::copy(params_[i].array.bytes().begin(), params_[i].array.bytes().end(),
                  finite_[i].array.bytes().begin());
      finite_epoch_ = epoch;
    }
    ++result_.steps;
    optimizer_.begin_step();
    const double scale = gradient_.finish(n);
    for (std::size_t i = 0; i < params_.size(); ++i)
      if (const HostArray* gradient = gradient_.gradient(i))
        optimizer_.apply(i, params_[i].array, *gradient, scale);
    return true;
  }

  void note(const Diagnostics& diagnostics) {  // a warning comes once
    for (const Diagnostic& diagnostic : diagnostics) {
      const bool known =
          std::any_of(result_.diagnostics.begin(), result_.diagnostics.end(), [&](const Diagnostic& other) {
            return other.code == diagnostic.code && other.message == diagnostic.message;
          });
      if (!known) result_.diagnostics.push_back(diagnostic);
    }
  }
  void fail() { result_.end = TrainEnd::failed; }
  void fail_not_finite(std::string message) {
    for (std::size_t i = 0; i < params_.size(); ++i) params_[i].array = finite_[i].array;
    note({data_error(DiagnosticCode::E543, "", std::move(message),
                     finite_epoch_ > 0
                         ? fmt::format("the parameters of the beginning of epoch {} are kept; try a "
                                       "smaller rate",
                                       finite_epoch_)
                         : "the initial parameters are kept; look at the data and the initial values")});
    fail();
  }

  const TrainTask& task_;
  std::vector<NamedArray>& params_;
  const TrainOptions& options_;
  const TrainObserver& observer_;
  OptimizerState optimizer_;
  Split split_;
  std::int64_t capacity_;
  GradientCall gradient_;
  std::optional<BatchFeeder> feeder_;
  NoiseFeeder noise_;
  EpochMeans statistics_;
  std::vector<NamedArray> finite_;  // parameters that gave a finite loss
  std::int64_t finite_epoch_ = 0;   // the epoch at whose beginning; 0: the initial ones
  TrainResult result_;
};

}  // namespace

TrainResult train(const TrainTask& task, std::vector<NamedArray>& params, const TrainOptions& options,
                  const TrainObserver& observer) {
  TrainResult result;
  result.diagnostics = check_options(options);
  Result<OptimizerState> optimizer = OptimizerState::create(options.optimizer, params);
  result.diagnostics.insert(result.diagnostics.end(), optimizer.diagnostics().begin(),
                            optimizer.diagnostics().end());
  result.end = TrainEnd::failed;
  if (!result.diagnostics.empty()) return result;
  Split split;
  if (task.data != nullptr) {
    split = split_examples(task.data->examples, options);
    if (split.train.empty()) {
      result.diagnostics.push_back(
          data_error(DiagnosticCode::E518, "",
                     fmt::format("no example of {} is left to learn from", task.data->examples),
                     "make `validation` smaller"));
      return result;
    }
  }
  return Training(task, params, options, observer, std::move(*optimizer), std::move(split)).run();
}

}  // namespace gradc
