// The System's own rules, checked after every pass: a broken one names the pass that broke it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>

#include "compiler/equations/system.h"

namespace gradc {

// "" if the system is well-formed, else what is wrong, naming the tensor:
//   every definition's value has the tensor's type; its free indices are slots of the tensor's axes, typed by
//   their dims; what is read is defined, or has a role that is given from outside; outputs likewise.
std::string verify(const System& system);

}  // namespace gradc
