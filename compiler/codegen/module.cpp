// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/module.h"

#include <llvm/IR/Verifier.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/raw_ostream.h>

#include "compiler/codegen/products.h"
#include "compiler/codegen/triple.h"
#include "compiler/support/check.h"

namespace gradc::codegen {

std::unique_ptr<llvm::Module> emit_module(const Model& model, llvm::TargetMachine& machine,
                                          llvm::LLVMContext& context) {
  auto module = std::make_unique<llvm::Module>(model.name, context);
  module->setDataLayout(machine.createDataLayout());
  module->setTargetTriple(as_taken(machine.getTargetTriple()));
  module->setPICLevel(llvm::PICLevel::BigPIC);
  std::vector<llvm::Function*> calls, workspaces;
  const std::vector<FunctionSymbols> symbols = function_symbols(model);
  for (std::size_t k = 0; k < symbols.size(); ++k) {
    calls.push_back(emit_call(*module, model.functions[k], symbols[k].call));
    workspaces.push_back(emit_workspace_bytes(*module, model.functions[k], symbols[k].workspace_bytes));
  }
  emit_tables(*module, model, calls, workspaces);
  define_products(*module, machine);
  std::string problem;
  llvm::raw_string_ostream stream(problem);
  GRADC_CHECK(!llvm::verifyModule(*module, &stream), "LLVM refuses the module: " + problem);
  return module;
}

namespace {

// Kernels come in single assignment, vectorised, with what does not change in a loop before it. What is left
// to do is local: addresses, loops of known length, loads that several statements share. So this list is
// short: LLVM's own O2 takes several times as long. Neither of its
// vectorisers runs, kernels are not inlined (each is called once), and reassociation needs flags that are
// never set.
constexpr const char* pipeline =
    "function<eager-inv>("
    "early-cse,instcombine<max-iterations=1;no-verify-fixpoint>,simplifycfg,"
    "loop-mssa(loop-rotate,licm),"
    "loop(loop-unroll-full),sroa,"
    "early-cse<memssa>,instcombine<max-iterations=1;no-verify-fixpoint>,"
    "loop-mssa(licm),simplifycfg"
    ")";

}  // namespace

void optimize(llvm::Module& module, llvm::TargetMachine& machine, int level) {
  if (level == 0) return;
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder builder(&machine);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  llvm::ModulePassManager passes;
  llvm::Error error = builder.parsePassPipeline(passes, pipeline);
  GRADC_CHECK(!error, "LLVM does not know a pass: " + llvm::toString(std::move(error)));
  passes.run(module, modules);
}

}  // namespace gradc::codegen
