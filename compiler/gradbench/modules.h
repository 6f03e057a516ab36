// What the suite's problems are called, and how their JSON meets the arrays of their models: names and
// shapes, and no mathematics. // SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "compiler/gradbench/fields.h"
#include "compiler/gradbench/program.h"

namespace gradc::gradbench {

// The arrays that a call gave, by the names that the module uses.
using Results = std::function<const HostArray&(const std::string&)>;

struct Function {
  std::string name;
  std::vector<std::string> wanted;
  Json (*write)(const Results& results, const Inputs& inputs);
};

struct Module {
  std::string name;
  std::vector<Function> functions;
  Inputs (*read)(Fields& input);
};

std::span<const Module> modules();

}  // namespace gradc::gradbench
