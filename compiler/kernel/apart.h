// Whether lanes pay for a loop in which most elements lie apart.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/kernel/loop.h"

namespace gradc::kernel {

// Elements that lie apart are read and written one by one: in lanes they cost more than they would alone, and
// many times the code. What is computed has to make up for that.
bool pays_in_lanes(const For& loop);

}  // namespace gradc::kernel
