// Products of matrices in machine code: register tiles of the machine's vectors, columns packed where memory
// serves them badly. Bits are those of kernel::Gemm, whatever the tile is.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

namespace gradc::codegen {

struct ProductKind {
  bool f32, fma;
};

// void (ptr a, i64 row, i64 column, ptr b, i64 row, i64 column, ptr c, i64 row, i64 m, i64 n, i64 k,
// i1 accumulate): strides in elements; the columns of c lie side by side, and rows or columns of a and b.
// A declaration, for kernels to call.
llvm::Function* product_function(llvm::Module& module, ProductKind kind);
// The same with a pool (abi.h; may be null) in front, whose threads take rows or columns of c if there is
// enough to do.
llvm::Function* shared_product_function(llvm::Module& module, ProductKind kind);

// The bodies of those that the module declares, but for shared ones, which have theirs.
void define_products(llvm::Module& module, const llvm::TargetMachine& machine);

}  // namespace gradc::codegen
