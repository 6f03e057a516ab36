// The modules at work: models are read once, and compiled once for each function and set of sizes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <map>
#include <memory>
#include <string>

#include "compiler/gradbench/modules.h"

namespace gradc::gradbench {

// Texts of models by name, and, for each module, the names that its model uses instead of ours.
struct Models {
  std::map<std::string, std::string> texts;
  std::map<std::string, std::map<std::string, std::string>> names;
};

// A function with its inputs, ready to be called.
struct Ready {
  Program* program;
  std::function<Json()> output;  // of the last run
};

class Session {
 public:
  explicit Session(Models models) : models_(std::move(models)) {}

  // Whether there is such a module with a model that is right; else, why not.
  std::string define(const std::string& module);
  // Compiles and copies in; `error` says why there is nothing.
  std::optional<Ready> prepare(const std::string& module, const std::string& function, const Json& input,
                               std::string& error);

 private:
  const driver::ModelFile* model(const Module& module, std::string& error);
  Program* program(const Module& module, const Function& function, const Inputs& inputs, std::string& error);
  std::string name_in_model(const std::string& module, const std::string& name) const;

  Models models_;
  std::map<std::string, driver::ModelFile> files_;  // by the models' names
  std::map<std::string, std::unique_ptr<Program>> programs_;
};

}  // namespace gradc::gradbench
