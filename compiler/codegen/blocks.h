// Work that several threads may share: tasks for gradc_pool (abi.h), and who hands them over.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>

#include "compiler/codegen/kernel_emitter.h"
#include "compiler/kernel/program.h"

namespace gradc::codegen {

// How many threads the pool (null: none) has, as i32.
llvm::Value* threads_of(llvm::IRBuilder<>& ir, llvm::Value* pool);
// pool->run(pool, task, data, parts)
void run_in_pool(llvm::IRBuilder<>& ir, llvm::Value* pool, llvm::Value* task, llvm::Value* data,
                 llvm::Value* parts);

// A kernel that is cut into blocks, as seen from the call of its program.
class BlockedKernel {
 public:
  // What the call gives it: by buffer, where it is; sizes as values, and all of them in memory.
  struct Given {
    llvm::ArrayRef<llvm::Value*> pointers;
    llvm::function_ref<llvm::Value*(kernel::SizeId)> size;
    llvm::Value *sizes, *status, *pool;
  };

  // `function`: of the kernel; behind its parameters it has the first iteration and the one behind the last.
  BlockedKernel(llvm::Module& module, const kernel::Blocks& blocks, const KernelParameters& parameters,
                llvm::Function* function);
  void call(llvm::IRBuilder<>& ir, const Given& given) const;

 private:
  llvm::Function* task() const;

  llvm::Module& module_;
  const kernel::Blocks& blocks_;
  const KernelParameters& parameters_;
  llvm::Function* function_;
  llvm::StructType* frame_;  // what the blocks share; see `Field` in blocks.cpp
};

}  // namespace gradc::codegen
