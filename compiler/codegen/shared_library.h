// A shared library from an object file. The linker is the C compiler's, which knows the system's start-up
// files, library folders and loader; LLVM's own linker is no dependency.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <vector>

#include "compiler/codegen/model.h"
#include "compiler/support/result.h"

namespace gradc::codegen {

// The bytes of a library that shows the table, the functions of the ABI and nothing else. `folder` is where
// the linker may put its files meanwhile.
Result<std::string> link_shared_library(const Options& options, std::string_view object,
                                        const std::string& folder);

}  // namespace gradc::codegen
