// Inputs of the twelve problems as the suite sends them, and what the references make of them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace gradc::reference {

using Json = nlohmann::json;

struct Case {
  std::string name;  // of the module and the sizes
  std::string module;
  Json input;
  std::map<std::string, Json> outputs;  // of each of the module's functions
};

// Several sizes of each problem, small enough to wait for.
std::vector<Case> small_cases();

Json rows(const std::vector<double>& numbers, std::size_t columns);

}  // namespace gradc::reference
