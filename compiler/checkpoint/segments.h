// Checkpoints. A recurrence over T steps is cut into about √T segments of as many steps: forwards, only the
// states at their ends are kept; backwards, each segment's states are computed once more just before they are
// read. So what is kept is O(√T), for at most twice the work. One level of Griewank & Walther, Evaluating
// Derivatives (2nd ed., 2008), §12.2.
//
// The pass makes a System of a System: t becomes (segment, position in it), and everything along time is
// marked as work of one of two loops over segments (Tensor::segments), in which lowering computes all of it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/equations/system.h"

namespace gradc {

// The system itself if there is nothing that can be cut. Not all that is made is needed: some counts steps
// (Tensor::counted_by), if lowering asks for it.
System in_segments(const System& system);

}  // namespace gradc
