// What a kernel costs, counted from its statements: arithmetic on real numbers, and the memory that it has to
// read and to write at least once. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/kernel/program.h"

namespace gradc::kernel {

struct Cost {
  double operations = 0;                 // additions, multiplications, …; a fused multiply-add is two
  double in_products = 0;                // of these, in products of matrices
  double loaded = 0, stored = 0;         // bytes; what is read again is counted once
  bool at_most = false;                  // loops may end early, and one side of a branch is taken
  std::vector<std::string> writes = {};  // the buffers, in order
};

// At these sizes of the program (size.h, `evaluate`).
Cost cost(const Program& program, const Kernel& kernel, std::span<const std::optional<std::int64_t>> sizes);

}  // namespace gradc::kernel
