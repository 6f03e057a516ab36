// settings.json and results.json of a run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>

#include "runtime/run_dir.h"

namespace gradc {

std::string settings_json(const RunSettings& settings);
std::string results_json(const TrainResult& result, const std::optional<Scores>& test);

// Nothing if the text is not what settings_json wrote.
std::optional<RunSettings> parse_settings(std::string_view text);

}  // namespace gradc
