// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <map>
#include <string>

namespace gradc::gradbench {

// Names without ending, and texts.
const std::map<std::string, std::string>& built_in_models();

}  // namespace gradc::gradbench
