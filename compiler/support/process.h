// Another program, run without a shell, its messages caught.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <optional>
#include <span>
#include <string>

namespace gradc {

// The first of `names` that is an executable file in a folder of PATH, with that folder.
std::optional<std::string> find_program(std::span<const std::string> names);

struct Finished {
  int status = -1;       // as exit() was given it; -1: it could not be started, or a signal ended it
  std::string messages;  // what it wrote to either of its outputs, or why it could not be started
};

// Waits until it is done. The first argument is the program's file; it reads nothing.
Finished run_program(std::span<const std::string> arguments);

}  // namespace gradc
