// Loops cut into blocks of iterations, for threads to share. Cut is what can be seen, in the kernel as it
// stands, to compute the same in every order of its blocks: iterations write to elements of their own, or to
// memory that is read in the same iteration only, or they add to sums, of which each block then has a part.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>

#include "compiler/kernel/storage.h"

namespace gradc::kernel {

// The loop that the program's last kernel is.
struct OutermostLoop {
  std::size_t step;  // its number among the outermost
  SizeId extent;
  std::int64_t least_work;  // what a block has at least, in operations
  int width;                // lanes of loops that are added
};

// Cuts it, if that can be; a kernel that adds up the parts of its sums follows.
void cut_into_blocks(Program& program, Storage& storage, const OutermostLoop& loop);

}  // namespace gradc::kernel
