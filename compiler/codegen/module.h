// A model as one LLVM module: its kernels, the functions of the ABI around them, and the tables that describe
// them. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

#include <memory>
#include <string>

#include "compiler/codegen/model.h"
#include "compiler/codegen/parts.h"

namespace gradc::codegen {

// Verified, not yet optimised. Of several parts, this one.
std::unique_ptr<llvm::Module> emit_module(const Model& model, llvm::TargetMachine& machine,
                                          llvm::LLVMContext& context, const Parts& parts = {},
                                          std::size_t part = 0);
void optimize(llvm::Module& module, llvm::TargetMachine& machine, int level);

// The parts of emit_module.
llvm::Function* emit_call(llvm::Module& module, const kernel::Program& program,
                          llvm::ArrayRef<llvm::Function*> kernels, const std::string& symbol);
llvm::Function* emit_workspace_bytes(llvm::Module& module, const kernel::Program& program,
                                     const std::string& symbol);
// void (ptr sizes, ptr derived), or null where no size is derived.
llvm::Constant* emit_derived_sizes(llvm::Module& module, const kernel::Program& program);
llvm::Constant* emit_tables(llvm::Module& module, const Model& model, llvm::ArrayRef<llvm::Function*> calls,
                            llvm::ArrayRef<llvm::Function*> workspaces);

}  // namespace gradc::codegen
