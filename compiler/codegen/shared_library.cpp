// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/shared_library.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "compiler/codegen/target.h"
#include "compiler/support/atomic_file.h"
#include "compiler/support/process.h"
#include "compiler/support/scratch_folder.h"

namespace gradc::codegen {

namespace {

Diagnostic mistake(DiagnosticCode code, std::string message, std::string help) {
  return error_at(code, "--emit shared", std::move(message), std::move(help));
}

}  // namespace

Result<std::string> link_shared_library(const Options& options, std::string_view object,
                                        const std::string& folder) {
  if (!is_native(options))
    return mistake(DiagnosticCode::E803,
                   fmt::format("a shared library for `{}` cannot be linked on this machine", options.target),
                   "write the object file with `--emit object,header`, and link it there");
  static const std::string compilers[] = {"cc", "gcc", "clang"};
  const auto compiler = find_program(compilers);
  if (!compiler)
    return mistake(DiagnosticCode::E804, "no C compiler (cc, gcc, clang) to link with is on PATH",
                   "install gcc, or write the object file with `--emit object,header`");
  const ScratchFolder scratch(folder);
  if (scratch.path.empty())
    return error_at(DiagnosticCode::E530, folder, fmt::format("cannot write: {}", std::strerror(errno)));
  const std::string input = scratch.path + "/model.o", output = scratch.path + "/model.so";
  if (Diagnostics errors = write_file(input, object); has_errors(errors)) return errors;
  // -Bsymbolic: the table means the functions beside it, whatever else the process has loaded.
  const std::vector<std::string> command = {*compiler,
                                            "-shared",
                                            "-o",
                                            output,
                                            input,
                                            "-Wl,-Bsymbolic",
                                            "-Wl,-z,noexecstack",
                                            "-Wl,--no-undefined",
                                            "-Wl,--as-needed",
                                            "-lm"};
  const Finished done = run_program(command);
  std::ifstream file(output, std::ios::binary);
  if (done.status != 0 || !file)
    return mistake(DiagnosticCode::E805, fmt::format("linking with {} failed", *compiler),
                   "it says: " + done.messages.substr(0, done.messages.find_last_not_of('\n') + 1));
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return std::move(bytes).str();
}

}  // namespace gradc::codegen
