// A model in which every name that the file makes is another, and whose statements stand in another order.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <filesystem>
#include <string>

namespace gradc::test {

// Writes the module's models and their names into the folder; the options with which the tool takes them.
std::string write_renamed(const std::filesystem::path& folder, const std::string& module);

}  // namespace gradc::test
