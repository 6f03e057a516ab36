// The words of the shell as Options, or the usage error that they are.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <optional>

#include "compiler/driver/options.h"

namespace gradc::driver {

// None: `status` is what the process ends with; help or a message was printed.
std::optional<Options> parse_command_line(int argc, const char* const* argv, int& status);

}  // namespace gradc::driver
