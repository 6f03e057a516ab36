// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/support/check.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace gradc {
namespace {
thread_local std::string current_pass;
}

std::string set_current_pass(std::string name) { return std::exchange(current_pass, std::move(name)); }

void internal_error(const char* file, int line, std::string_view condition, std::string_view message) {
  std::fflush(stdout);
  std::fprintf(
      stderr,
      "gradc: internal error in %s%s: %.*s\n  at %s:%d (%.*s)\n  this is a bug in gradc, not in the model\n",
      current_pass.empty() ? "gradc" : "pass ", current_pass.c_str(), static_cast<int>(message.size()),
      message.data(), file, line, static_cast<int>(condition.size()), condition.data());
  std::fflush(stderr);
  std::_Exit(3);
}

}  // namespace gradc
