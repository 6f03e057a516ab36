// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/module.h"

#include <llvm/IR/Verifier.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/raw_ostream.h>

#include "compiler/support/check.h"

namespace gradc::codegen {

std::unique_ptr<llvm::Module> emit_module(const Model& model, llvm::TargetMachine& machine,
                                          llvm::LLVMContext& context) {
  auto module = std::make_unique<llvm::Module>(model.name, context);
  module->setDataLayout(machine.createDataLayout());
  module->setTargetTriple(machine.getTargetTriple().str());
  module->setPICLevel(llvm::PICLevel::BigPIC);
  std::vector<llvm::Function*> calls, workspaces;
  const std::vector<FunctionSymbols> symbols = function_symbols(model);
  for (std::size_t k = 0; k < symbols.size(); ++k) {
    calls.push_back(emit_call(*module, model.functions[k], symbols[k].call));
    workspaces.push_back(emit_workspace_bytes(*module, model.functions[k], symbols[k].workspace_bytes));
  }
  emit_tables(*module, model, calls, workspaces);
  std::string problem;
  llvm::raw_string_ostream stream(problem);
  GRADC_CHECK(!llvm::verifyModule(*module, &stream), "LLVM refuses the module: " + problem);
  return module;
}

// Kernels are vectors already: neither of LLVM's vectorisers runs. Reassociation needs flags that are never
// set.
void optimize(llvm::Module& module, llvm::TargetMachine& machine, int level) {
  if (level == 0) return;
  llvm::PipelineTuningOptions tuning;
  tuning.LoopVectorization = false;
  tuning.SLPVectorization = false;
  tuning.LoopInterleaving = false;
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder builder(&machine, tuning);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O2).run(module, modules);
}

}  // namespace gradc::codegen
