// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/compiled.h"

#include "compiler/codegen/object.h"
#include "compiler/driver/commands.h"
#include "compiler/driver/model_file.h"
#include "compiler/support/check.h"

namespace gradc::driver {

CompileSettings settings_of(const ModelFile& file, const Options& options) {
  return {.f32 = options.precision == "f32",
          .recompute = options.recompute.empty() ? file.model.train.recompute : options.recompute == "sqrt",
          .target = options.target,
          .cpu = options.cpu};
}

codegen::Options code_options(const CompileSettings& settings) {
  return {.level = settings.level, .cpu = settings.cpu, .target = settings.target};
}

std::vector<kernel::Program> lower_all(std::span<const kernel::FunctionSpec> functions,
                                       const CompileSettings& settings, Dump& dump) {
  set_current_pass("kernels");
  kernel::LowerOptions options;
  options.f32 = settings.f32;
  options.recompute = settings.recompute;
  options.kernel_of_each_loop = settings.kernel_of_each_loop;
  options.fma = codegen::has_fma(code_options(settings));
  std::vector<kernel::Program> programs;
  for (const kernel::FunctionSpec& function : functions) {
    programs.push_back(kernel::lower(function, options));
    kernel::verify(programs.back());
    dump.show("kernels", [&] { return kernel::print(programs.back()); });
  }
  return programs;
}

int dump_code(const std::string& name, std::span<const kernel::FunctionSpec> functions,
              const CompileSettings& settings, Dump& dump) {
  const std::vector<kernel::Program> programs = lower_all(functions, settings, dump);
  if (!dump.reaches("llvm")) return status_ok;
  const Result<codegen::CompiledForms> forms = codegen::compile(
      {name, settings.f32 ? GRADC_F32 : GRADC_F64, programs}, code_options(settings), false, true);
  if (!forms) return report(forms.diagnostics());
  dump.show("llvm", [&] { return forms->llvm; });
  return status_ok;
}

Compiled::Compiled(const std::string& name, std::span<const kernel::FunctionSpec> functions,
                   const CompileSettings& settings, Dump& dump)
    : programs_(lower_all(functions, settings, dump)) {
  set_current_pass("code");
  jit_ = std::make_unique<codegen::JitModel>(
      codegen::Model{name, settings.f32 ? GRADC_F32 : GRADC_F64, programs_}, code_options(settings));
  set_current_pass("");
}

}  // namespace gradc::driver
