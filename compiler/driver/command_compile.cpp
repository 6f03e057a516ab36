// gradc compile: a model as object file, shared library, C header, LLVM IR or assembly.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/command_compile.h"

#include <fmt/format.h>

#include <cstdio>

#include "compiler/codegen/write_model.h"
#include "compiler/driver/commands.h"
#include "compiler/driver/compiled.h"

namespace gradc::driver {
Result<std::vector<kernel::FunctionSpec>> compiled_functions(const ModelFile& file, const Options& options,
                                                             Dump& dump) {
  if (file.model.objective.valid() && options.of.empty() && options.wrt.empty() && !options.order)
    return training_functions(file, dump);
  const Result<Request> request =
      make_request(file, options, options.order.value_or(1), DefaultWrt::inputs_and_params);
  if (!request) return request.diagnostics();
  std::vector<kernel::FunctionSpec> functions;
  functions.push_back(value_function(file, numbers(file, differentiate(file.model.system, *request)), dump));
  return functions;
}

int dump_functions(const ModelFile& file, const Options& options, Dump& dump) {
  const Result<std::vector<kernel::FunctionSpec>> functions = compiled_functions(file, options, dump);
  if (!functions) return report(functions.diagnostics(), file.sources);
  const int status = dump.reaches("kernels")
                         ? dump_code(file.name, *functions, settings_of(file, options), dump)
                         : status_ok;
  return status == status_ok ? dump.finish(options.command) : status;
}

int compile_command(const Options& options) {
  Dump dump(options.dump);
  const std::optional<ModelFile> file = load_model(options, dump);
  if (!file) return status_user_error;
  if (dump.reaches("batch")) return dump_functions(*file, options, dump);
  if (dump.wanted()) return dump.finish(options.command);
  const Result<std::vector<kernel::FunctionSpec>> functions = compiled_functions(*file, options, dump);
  if (!functions) return report(functions.diagnostics(), file->sources);
  const CompileSettings settings = settings_of(*file, options);
  const std::vector<kernel::Program> programs = lower_all(*functions, settings, dump);
  std::vector<codegen::Artefact> artefacts;
  for (const std::string& name : options.emit) artefacts.push_back(codegen::artefact(name).value());
  if (artefacts.empty())
    artefacts = {codegen::Artefact::object, codegen::Artefact::shared, codegen::Artefact::header};
  const Result<std::vector<std::string>> written =
      codegen::write_model({file->name, settings.f32 ? GRADC_F32 : GRADC_F64, programs},
                           code_options(settings), options.out, artefacts);
  report(written.diagnostics());
  if (!written) return status_user_error;
  for (const std::string& path : *written) fmt::print("{}\n", path);
  return status_ok;
}

}  // namespace gradc::driver
