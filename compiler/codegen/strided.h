// Arrays that are not contiguous: functions, once per module, that find out and that copy to and from the
// workspace. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <llvm/IR/Module.h>

namespace gradc::codegen {

// i1 (ptr strides, ptr extents, i64 rank): row-major without gaps; axes of length 1 do not matter.
llvm::Function* contiguous_function(llvm::Module& module);
// void (ptr dense, ptr strided, ptr strides, ptr extents, i64 rank, i64 elements, i64 element_bytes, i1
// to_dense)
llvm::Function* copy_function(llvm::Module& module);

}  // namespace gradc::codegen
