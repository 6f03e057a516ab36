// How a model is trained: its `train { … }` with what the command line says instead.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>

#include "compiler/driver/options.h"
#include "compiler/sema/model.h"
#include "runtime/train_options.h"

namespace gradc::driver {

TrainOptions train_options(const Model& model, const Options& options);

// "sgd(rate = 0.1), batch 32, epochs 10, seed 0"
std::string described(const TrainOptions& options);

}  // namespace gradc::driver
