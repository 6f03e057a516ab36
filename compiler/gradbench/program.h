// Some quantities of a model as machine code, for one set of sizes, with the arrays that it reads and writes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "compiler/driver/compiled.h"
#include "compiler/driver/given_values.h"
#include "runtime/bound_call.h"

namespace gradc::gradbench {

// What a problem gives to its model, by the model's names. Sizes are stated only where no array has them.
struct Inputs {
  std::vector<NamedArray> arrays;
  std::vector<NamedSize> sizes;
};

// The sizes of all dims that come from the inputs, or what does not fit.
Result<std::vector<NamedSize>> sizes_of(const driver::ModelFile& file, const Inputs& inputs);

class Program {
 public:
  static Result<std::unique_ptr<Program>> make(const std::string& name, const std::string& text,
                                               const std::vector<std::string>& wanted,
                                               const std::vector<NamedSize>& sizes);

  // Copies the inputs, and makes the arrays of the results.
  Diagnostics bind(const Inputs& inputs);
  std::int32_t run() { return call_->run(1); }
  // After a run: what data does not meet of the model's checks.
  Diagnostics failed_checks();
  const HostArray& result(const std::string& name) const;

 private:
  driver::ModelFile file_;
  kernel::FunctionSpec function_;
  std::unique_ptr<driver::Compiled> compiled_;
  std::unique_ptr<driver::GivenValues> given_;
  std::unique_ptr<BoundCall> call_;
  std::vector<HostArray> arguments_;
  std::vector<NamedArray> results_;
};

// A model's text, checked. Its mistakes are told on stderr too.
Result<driver::ModelFile> read_model(const std::string& name, const std::string& text,
                                     const CheckOptions& options);

}  // namespace gradc::gradbench
