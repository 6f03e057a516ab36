// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/equations/system.h"

namespace gradc {

// The system without the tensors that the file does not name (the inner product of x @ B @ x) and without the
// adjoints of such: each stands where it was read. Likewise derivatives without a usual name that are read
// once, and elements of diagonal Jacobians.
System without_auxiliaries(const System& system);

}  // namespace gradc
