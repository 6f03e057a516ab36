// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/train_settings.h"

#include <fmt/format.h>

namespace gradc::driver {

TrainOptions train_options(const Model& model, const Options& options) {
  TrainOptions result = model.train.options;
  if (options.batch) result.batch = *options.batch;
  if (options.epochs) result.epochs = *options.epochs;
  if (options.seed) result.seed = *options.seed;
  return result;
}

std::string described(const TrainOptions& options) {
  std::string text = options.optimizer.name + "(";
  for (std::size_t k = 0; k < options.optimizer.arguments.size(); ++k)
    text += fmt::format("{}{} = {}", k == 0 ? "" : ", ", options.optimizer.arguments[k].name,
                        options.optimizer.arguments[k].value);
  text += fmt::format("), batch {}, epochs {}, seed {}", options.batch, options.epochs, options.seed);
  if (options.validation > 0) text += fmt::format(", validation {}", options.validation);
  if (!options.shuffle) text += ", no shuffling";
  return text;
}

}  // namespace gradc::driver
