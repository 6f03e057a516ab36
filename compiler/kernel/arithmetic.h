// What a reduction combines its terms by: beside the machine operations the one arithmetic that loops have of
// their own. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/kernel/loop.h"

namespace gradc::kernel {

// max and min keep a NaN, and take +0 as greater than -0.
MachineValue combine(Combine how, MachineValue a, MachineValue b);
// 0, 1, ±∞: what nothing combines to.
MachineValue identity(Combine how, Scalar type);

}  // namespace gradc::kernel
