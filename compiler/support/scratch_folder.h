// A folder for what another program writes on the way: gone when its user is done.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

namespace gradc {

struct ScratchFolder {
  // Inside `parent`, its name ending in what mkdtemp puts for the six X; `path` stays empty, and errno says why, where none can be made.
  explicit ScratchFolder(const std::string& parent) : path(parent + "/.gradc-XXXXXX") {
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

}  // namespace gradc
