// Values that only data keep in range are computed only where they are wanted.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/equations/system.h"

namespace gradc::kernel {

// Puts definitions that read by a computed subscript into the choices and filtered sums that use them: as
// tensors of their own they would be computed, and checked, for every element, also where no guard lets them
// be reached (design: a name used on one side of a choice is evaluated only there).
System put_behind_guards(const System& system);

}  // namespace gradc::kernel
