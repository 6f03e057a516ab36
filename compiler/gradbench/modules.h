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
  std::string model;  // the file in which its mathematics is, without ending
  std::vector<Function> functions;
  Inputs (*read)(Fields& input);
  // Where a name stands several times: whether this one is for that input.
  bool (*takes)(const Fields& input) = [](const Fields&) { return true; };
};

std::span<const Module> modules();

}  // namespace gradc::gradbench
