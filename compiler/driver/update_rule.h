// How the optimiser of a file moves its parameters, as formulas. SPDX-License-Identifier: Apache-2.0 WITH
// LLVM-exception
#pragma once

#include <string>

#include "compiler/driver/model_file.h"

namespace gradc::driver {

// θ ← θ - η g, with what g is, for which θ, and the optimiser's settings; `loss` is what is minimised. Empty
// if the file learns nothing.
std::string update_rule(const ModelFile& file, const std::string& loss, bool latex);

}  // namespace gradc::driver
