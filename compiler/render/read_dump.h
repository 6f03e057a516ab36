// Reads the text that dump.h writes: how tests state systems, and how a pass is run alone on a stored stage.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/equations/system.h"
#include "compiler/support/result.h"

namespace gradc {

// Dims and tensors are added to `context`; those of the same name that it has already are not looked at.
Result<System> read_dump(Context& context, const Source& source);

}  // namespace gradc
