// How much a kernel has to do, as a size: machine operations, more or less, of all its iterations.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/kernel/program.h"

namespace gradc::kernel {

// Where how often a loop runs depends on data, it counts as once.
SizeId work(Sizes& sizes, const Kernel& kernel);

}  // namespace gradc::kernel
