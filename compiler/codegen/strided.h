// Arrays with strides of their own: the call is made once more, on dense copies. One function of the module
// does that for all of its functions, driven by a constant that describes the arrays, since it is rare.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <llvm/IR/Module.h>

#include "compiler/kernel/program.h"

namespace gradc::codegen {

// i64s: the number of arrays; then of each its rank, bytes per element, 1 if it is a result, and its extents
// (those below 0: -1 - the number of a run-time size).
llvm::Constant* describe_arrays(llvm::Module& module, const kernel::Program& program);

// i32 (ptr description, ptr sizes, ptr arrays, ptr strides, ptr workspace, ptr call): copies what is not
// contiguous to the beginning of the workspace, calls with the rest of it, and copies the results back.
llvm::Function* strided_function(llvm::Module& module);

}  // namespace gradc::codegen
