// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/shared_library.h"

#include <cblas.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "compiler/codegen/target.h"
#include "compiler/support/atomic_file.h"
#include "compiler/support/process.h"

namespace gradc::codegen {

namespace {

bool multiplies(const kernel::Block& block) {
  for (const kernel::Statement& s : block) {
    if (std::holds_alternative<kernel::Gemm>(s.node)) return true;
    if (const auto* f = std::get_if<kernel::For>(&s.node); f && multiplies(f->body)) return true;
    if (const auto* i = std::get_if<kernel::If>(&s.node);
        i && (multiplies(i->then) || multiplies(i->otherwise)))
      return true;
  }
  return false;
}

// The library that this process itself calls: the same bits as the JIT's. Where it is linked into the
// program, the one that is usual.
std::string blas_library() {
  Dl_info info;
  if (::dladdr(reinterpret_cast<void*>(cblas_dgemm), &info) != 0 && info.dli_fname) {
    const std::string file = info.dli_fname;
    if (file.starts_with('/') && file.find(".so") != std::string::npos) return file;
  }
  return "-lopenblas";
}

Diagnostic mistake(DiagnosticCode code, std::string message, std::string help) {
  return error_at(code, "--emit shared", std::move(message), std::move(help));
}

struct ScratchFolder {
  explicit ScratchFolder(const std::string& parent) : path(parent + "/.link-XXXXXX") {
    if (!::mkdtemp(path.data())) path.clear();
  }
  ~ScratchFolder() {
    std::error_code ignored;
    if (!path.empty()) std::filesystem::remove_all(path, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  std::string path;
};

}  // namespace

bool calls_blas(const Model& model) {
  for (const kernel::Program& program : model.functions)
    for (const kernel::Kernel& kernel : program.kernels)
      if (multiplies(kernel.body)) return true;
  return false;
}

Result<std::string> link_shared_library(const Model& model, const Options& options, std::string_view object,
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
  std::vector<std::string> command = {*compiler,
                                      "-shared",
                                      "-o",
                                      output,
                                      input,
                                      "-Wl,-Bsymbolic",
                                      "-Wl,-z,noexecstack",
                                      "-Wl,--no-undefined",
                                      "-Wl,--as-needed"};
  if (calls_blas(model)) command.push_back(blas_library());
  command.push_back("-lm");
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
