// For which machine, and how hard to try.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>

namespace gradc::codegen {

struct Options {
  int level = 2;            // 0 or 2
  std::string cpu = {};     // empty: the host's; "generic"
  std::string target = {};  // a triple; empty: the host's
  bool verify = true;       // LLVM's own verifier
};

}  // namespace gradc::codegen
