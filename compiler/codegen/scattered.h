// Elements that lie apart, on machines that read and write them one by one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

namespace gradc::codegen {

// Gathers and scatters that the machine has no good instruction for become one access for each lane, without
// branches: lanes that do not count read and write memory of their own. LLVM's own pass makes a branch for
// each lane, which takes it many times as long to compile.
void expand_scattered(llvm::Module& module, llvm::TargetMachine& machine);

}  // namespace gradc::codegen
