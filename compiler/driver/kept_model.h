// A model as a run keeps it: its own text, and those of the files that it uses.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/driver/model_file.h"
#include "runtime/run_dir.h"

namespace gradc::driver {

KeptFiles kept_files(const ModelFile& file);
// `folder` is the run's, for messages.
ModelText kept_model(const Run& run, const std::string& folder);

}  // namespace gradc::driver
