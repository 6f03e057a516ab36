// The functions that a file is compiled to ahead of time, and every stage on their way.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/driver/model_functions.h"

namespace gradc::driver {

// The training functions of a model that is trained, unless quantities are asked for by name; else those
// quantities and their derivatives at one example.
Result<std::vector<kernel::FunctionSpec>> compiled_functions(const ModelFile& file, const Options& options,
                                                             Dump& dump);

// Prints the passes from `batch` on for these functions; the command's status.
int dump_functions(const ModelFile& file, const Options& options, Dump& dump);

}  // namespace gradc::driver
