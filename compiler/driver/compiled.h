// Functions as machine code in this process.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "compiler/codegen/jit.h"
#include "compiler/driver/dump.h"
#include "compiler/driver/model_file.h"
#include "compiler/driver/options.h"
#include "compiler/kernel/lower.h"

namespace gradc::driver {

struct CompileSettings {
  bool f32 = false;
  int level = 2;
  bool recompute = false;
  bool kernel_of_each_loop = false;  // of each outermost one, to be looked at alone
  std::string target = {}, cpu = {};
};

// What the command line says, and the file where that is silent.
CompileSettings settings_of(const ModelFile& file, const Options& options);
codegen::Options code_options(const CompileSettings& settings);

// Lowered and verified; shown as `kernels`.
std::vector<kernel::Program> lower_all(std::span<const kernel::FunctionSpec> functions,
                                       const CompileSettings& settings, Dump& dump);

// The last stages: kernels, then the code for LLVM.
int dump_code(const std::string& name, std::span<const kernel::FunctionSpec> functions,
              const CompileSettings& settings, Dump& dump);

class Compiled {
 public:
  Compiled(const std::string& name, std::span<const kernel::FunctionSpec> functions,
           const CompileSettings& settings, Dump& dump);
  const gradc_model_info& info() const { return jit_->info(); }

 private:
  std::vector<kernel::Program> programs_;
  std::unique_ptr<codegen::JitModel> jit_;
};

}  // namespace gradc::driver
