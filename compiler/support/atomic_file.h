// A file is replaced whole or not at all, whatever kills the process or fills the disk: a temporary file
// beside it, fsync, rename, fsync of the folder. (Pillai et al., "All file systems are not created equal",
// OSDI 2014.) SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <string_view>

#include "compiler/support/diagnostic.h"

namespace gradc {

// Empty on success. After a failure the old file is as it was, and no temporary file is left.
Diagnostics write_file(const std::string& path, std::string_view bytes);

// Removes what killed processes left behind in a folder of ours.
void remove_orphans(const std::string& folder);

}  // namespace gradc
