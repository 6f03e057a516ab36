// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/write_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "compiler/codegen/c_header.h"
#include "compiler/codegen/object.h"
#include "compiler/codegen/shared_library.h"
#include "compiler/support/atomic_file.h"
#include "compiler/support/check.h"

namespace gradc::codegen {

namespace {

constexpr std::array<std::string_view, 5> endings = {".o", ".so", ".h", ".ll", ".s"};

}  // namespace

std::optional<Artefact> artefact(std::string_view name) {
  const auto found = std::ranges::find(artefact_names, name);
  if (found == artefact_names.end()) return std::nullopt;
  return static_cast<Artefact>(found - artefact_names.begin());
}

Result<std::vector<std::string>> write_model(const Model& model, const Options& options,
                                             const std::string& folder, std::span<const Artefact> which) {
  const auto wanted = [&](Artefact a) { return std::find(which.begin(), which.end(), a) != which.end(); };
  // A relative folder must not look like an option of the linker's, nor the name like a path.
  const std::string place = folder.starts_with('/') ? folder : "./" + folder;
  std::string file = model.name;
  std::replace(file.begin(), file.end(), '/', '_');
  std::error_code error;
  std::filesystem::create_directories(place, error);
  if (error)
    return error_at(DiagnosticCode::E530, folder, fmt::format("cannot make the folder: {}", error.message()));

  CompiledForms forms;
  if (wanted(Artefact::object) || wanted(Artefact::shared) || wanted(Artefact::assembly) ||
      wanted(Artefact::llvm)) {
    auto compiled = compile(model, options, wanted(Artefact::assembly), wanted(Artefact::llvm));
    if (!compiled) return compiled.diagnostics();
    forms = std::move(*compiled);
  }
  std::string library;
  if (wanted(Artefact::shared)) {
    auto linked = link_shared_library(options, forms.object, place);
    if (!linked) return linked.diagnostics();
    library = std::move(*linked);
  }
  const auto content = [&](Artefact a) -> std::string {
    switch (a) {
      case Artefact::object: return forms.object;
      case Artefact::shared: return library;
      case Artefact::header: return c_header(model, file);
      case Artefact::llvm: return forms.llvm;
      case Artefact::assembly: return forms.assembly;
    }
    GRADC_UNREACHABLE("a file of unknown kind");
  };
  std::vector<std::string> written;
  for (const Artefact a : which) {
    if (a == Artefact::header) {
      const std::string abi = (std::filesystem::path(folder) / "gradc_abi.h").string();
      if (Diagnostics errors = write_file(abi, abi_header); has_errors(errors)) return errors;
    }
    const std::string path =
        (std::filesystem::path(folder) / (file + std::string(endings[static_cast<std::size_t>(a)]))).string();
    if (Diagnostics errors = write_file(path, content(a)); has_errors(errors)) return errors;
    written.push_back(path);
  }
  return written;
}

}  // namespace gradc::codegen
