// The machine that code is made for.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <llvm/Target/TargetMachine.h>

#include <memory>

#include "compiler/codegen/model.h"
#include "compiler/support/result.h"

namespace gradc::codegen {

// An unknown target or processor is the user's mistake: the help lists those that there are.
Result<std::unique_ptr<llvm::TargetMachine>> make_target_machine(const Options& options);

// Whether files for these options run on this kind of machine, so that its own linker takes them.
bool is_native(const Options& options);

}  // namespace gradc::codegen
