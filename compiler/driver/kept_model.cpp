// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/kept_model.h"

#include <algorithm>
#include <memory>

namespace gradc::driver {

KeptFiles kept_files(const ModelFile& file) {
  KeptFiles made;
  for (auto source = file.sources.begin() + 1; source != file.sources.end(); ++source)
    made.files.push_back({source->name(), std::string(source->text())});
  for (const UseOf& use : file.uses) made.uses.push_back({use.user, use.path, use.file});
  return made;
}

// A file's identity is its number.
ModelText kept_model(const Run& run, const std::string& folder) {
  const auto kept = std::make_shared<const KeptFiles>(run.used);
  const FindFile find = [kept](const std::string& user, const std::string& path) -> Result<UsedFile> {
    const auto use = std::ranges::find_if(kept->uses, [&](const KeptFiles::Use& u) {
      return std::to_string(u.user) == user && u.path == path;
    });
    if (use == kept->uses.end() || use->file == 0)
      return Diagnostic{DiagnosticCode::E500, "the run has not kept this file", {}, {}, ""};
    const KeptFiles::File& file = kept->files[use->file - 1];
    return UsedFile{std::to_string(use->file), file.name, file.text};
  };
  return {run.settings.model, Source(folder + "/model.grad", run.model_source), "0", find};
}

}  // namespace gradc::driver
