// The curves of a training run, as a table and as a picture.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>

#include "runtime/train_loop.h"

namespace gradc {

// One line an epoch: `epoch,train.E,train.METRIC…,penalty,validation.E,validation.METRIC…,seconds`; columns
// that the run does not have are left out. Numbers read back as they were.
std::string history_csv(const TrainResult& result);

std::string history_svg(const TrainResult& result, const std::string& model_name);

// The picture of a run that is there, from its table.
Result<std::string> history_picture(const std::string& folder);

}  // namespace gradc
