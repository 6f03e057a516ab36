// A model as one LLVM module: its kernels, the functions of the ABI around them, and the tables that describe
// them. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

#include <memory>
#include <string>

#include "compiler/codegen/jit.h"
#include "compiler/support/result.h"

namespace gradc::codegen {

std::unique_ptr<llvm::TargetMachine> make_target_machine(const Options& options, std::string& error);

// Verified, not yet optimised.
std::unique_ptr<llvm::Module> emit_module(const Model& model, llvm::TargetMachine& machine,
                                          llvm::LLVMContext& context);
void optimize(llvm::Module& module, llvm::TargetMachine& machine, int level);

// The symbol of the table: gradc_model_NAME.
std::string model_symbol(const Model& model);
std::string function_symbol(const Model& model, const kernel::Program& program);  // NAME_FUNCTION
// A C identifier from any name: letters and digits stay, what else there is becomes _ and its code.
std::string identifier(std::string_view name);

// The parts of emit_module.
llvm::Function* emit_call(llvm::Module& module, const kernel::Program& program, const std::string& symbol);
llvm::Function* emit_workspace_bytes(llvm::Module& module, const kernel::Program& program,
                                     const std::string& symbol);
llvm::Constant* emit_tables(llvm::Module& module, const Model& model, llvm::ArrayRef<llvm::Function*> calls,
                            llvm::ArrayRef<llvm::Function*> workspaces);

}  // namespace gradc::codegen
