// The claims of a model's file with their verdicts, for documents.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <vector>

#include "compiler/driver/model_file.h"
#include "compiler/driver/options.h"
#include "compiler/pages/claims.h"

namespace gradc::driver {

// Of the file itself, not of those that it uses.
std::vector<ShownClaim> shown_claims(const ModelFile& file, const Options& options);

}  // namespace gradc::driver
