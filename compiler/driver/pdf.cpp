// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/pdf.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "compiler/support/atomic_file.h"
#include "compiler/support/process.h"
#include "compiler/support/scratch_folder.h"

namespace gradc::driver {
namespace {

// TeX's first complaint, which begins with an exclamation mark.
std::string complaint(const std::string& messages) {
  const std::size_t begin = messages.starts_with('!') ? 0 : messages.find("\n!");
  if (begin == messages.npos) return messages.substr(0, messages.find('\n'));
  const std::size_t first = messages.find('!', begin);
  return messages.substr(first, messages.find('\n', first) - first);
}

}  // namespace

Result<std::string> pdf_of(const std::string& document) {
  static const std::string programs[] = {"pdflatex", "lualatex", "xelatex"};
  const auto latex = find_program(programs);
  if (!latex)
    return error_at(
        DiagnosticCode::E613, "--format pdf", "no LaTeX (pdflatex, lualatex, xelatex) is on PATH",
        "Debian has one in texlive-latex-recommended; a browser prints what `--format html` makes");
  std::error_code none;
  const std::filesystem::path temporary = std::filesystem::temp_directory_path(none);
  const ScratchFolder folder(none ? "/tmp" : temporary.string());
  if (folder.path.empty())
    return error_at(DiagnosticCode::E530, temporary.string(),
                    fmt::format("cannot write: {}", std::strerror(errno)));
  if (Diagnostics errors = write_file(folder.path + "/page.tex", document); has_errors(errors)) return errors;
  const std::string command[] = {*latex,
                                 "-interaction=nonstopmode",
                                 "-halt-on-error",
                                 "-no-shell-escape",
                                 "-output-directory=" + folder.path,
                                 folder.path + "/page.tex"};
  const Finished done = run_program(command);
  std::ifstream file(folder.path + "/page.pdf", std::ios::binary);
  if (done.status != 0 || !file)
    return error_at(DiagnosticCode::E614, "--format pdf", fmt::format("{} failed", *latex),
                    "it says: " + complaint(done.messages));
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return std::move(bytes).str();
}

}  // namespace gradc::driver
