// The model of a run, and what it has learned.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/driver/model_file.h"
#include "runtime/run_dir.h"

namespace gradc::driver {

std::optional<ModelFile> model_of(const Run& run, const std::string& folder, Dump& dump);

// The options, with the run's params and consts set to what they were at its end.
Options with_learned(const Run& run, const Options& options);

}  // namespace gradc::driver
