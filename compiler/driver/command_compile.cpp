// gradc compile: a model as object file, shared library, C header, LLVM IR or assembly.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/command_compile.h"

#include <fmt/format.h>

#include <cstdio>
#include <limits>

#include "compiler/codegen/write_model.h"
#include "compiler/driver/commands.h"
#include "compiler/driver/compiled.h"
#include "runtime/workspace.h"

namespace gradc::driver {

namespace {

// It may be for another machine: said, and no error.
void warn_of_memory(const std::vector<kernel::Program>& programs) {
  const std::int64_t present = present_memory();
  for (const kernel::Program& program : programs) {
    std::int64_t needed = 0;
    for (kernel::SizeId slot : program.slots)
      if (const auto bytes = program.sizes.known(slot);
          bytes && __builtin_add_overflow(needed, *bytes, &needed))
        needed = std::numeric_limits<std::int64_t>::max();
    if (present > 0 && needed > present)
      fmt::print(
          stderr,
          "gradc: warning: `{}` works in {:.1f} GB of memory, and this machine has {:.1f}\n"
          "   = help: --of and --wrt name what is wanted; an `iterate` has room for as many steps as `at "
          "most` says\n",
          program.name, static_cast<double>(needed) / 1e9, static_cast<double>(present) / 1e9);
  }
}

}  // namespace

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
  warn_of_memory(programs);
  for (const std::string& path : *written) fmt::print("{}\n", path);
  return status_ok;
}

}  // namespace gradc::driver
