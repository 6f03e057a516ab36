// Inputs of the twelve problems as the suite sends them, and what the references make of them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <functional>
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
  // The same work by hand; what it returns is there to be looked at, so that no compiler leaves it out.
  std::function<double()> value = {}, derivative = {};
};

// Several sizes of each problem, small enough to wait for.
std::vector<Case> small_cases();
// The largest of those that the suite has and a machine of a few gigabytes holds.
Case large_case(const std::string& module);
// Two whose data differ tenfold in number, and nothing else.
std::pair<Case, Case> tenfold_cases(const std::string& module);

Json rows(const std::vector<double>& numbers, std::size_t columns);

}  // namespace gradc::reference
