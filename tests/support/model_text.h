// A model's text as the functions that the command compiles: what tests and benchmarks begin with.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <utility>

#include "compiler/driver/model_functions.h"
#include "compiler/support/check.h"

namespace gradc::test {

// Mistakes are printed to stderr.
inline driver::ModelFile model_of(const std::string& text) {
  driver::Dump quiet("");
  std::optional<driver::ModelFile> file = driver::check_model({"model", Source("model.grad", text)}, {}, quiet);
  GRADC_CHECK(file.has_value(), "the model has mistakes");
  return std::move(*file);
}

inline kernel::FunctionSpec gradient_of(const driver::ModelFile& file) {
  driver::Dump quiet("");
  return driver::gradient_function(file, quiet);
}

inline kernel::FunctionSpec evaluation_of(const driver::ModelFile& file) {
  driver::Dump quiet("");
  return driver::evaluate_function(file, quiet);
}

}  // namespace gradc::test
