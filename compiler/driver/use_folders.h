// Where `use` finds files: below the folder of the model, or below one that the command line names. Nothing
// else is opened for a model, whatever it and the files that it uses say.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "grammar/used_files.h"

namespace gradc::driver {

// The text of a model file; `cannot` makes the message of why there is none.
using Cannot = std::function<Diagnostic(const std::string& why)>;
Result<std::string> read_model_text(const std::string& path, const Cannot& cannot);

class UseFolders {
 public:
  UseFolders(const std::string& model, const std::vector<std::string>& more);

  const std::string& identity() const { return identity_; }  // of the model
  Result<UsedFile> find(const std::string& user, const std::string& path);

 private:
  using Path = std::filesystem::path;
  struct Folder {
    Path real;   // without links and `..`
    Path shown;  // as it was named
  };
  bool holds(const Path& real) const;

  std::string identity_;
  std::vector<Folder> folders_;             // the model's first
  std::map<std::string, Folder> folder_of_;  // of a file, by its identity: where its own uses begin
};

}  // namespace gradc::driver
