// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/module.h"

#include <llvm/IR/Verifier.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/raw_ostream.h>

#include "compiler/codegen/kernel_emitter.h"
#include "compiler/codegen/products.h"
#include "compiler/codegen/scattered.h"
#include "compiler/codegen/triple.h"
#include "compiler/kernel/operand.h"
#include "compiler/support/check.h"

namespace gradc::codegen {

namespace {

// Above this many, recipes are called and not put in place: code and compile time would grow with their
// length.
constexpr std::size_t most_recipes_in_place = 64;

bool has_many_recipes(const kernel::Program& program) {
  std::size_t count = 0;
  for (const kernel::Kernel& kernel : program.kernels)
    each_statement(kernel.body, [&](const kernel::Statement& s) {
      count += std::holds_alternative<kernel::Elementary>(s.node) ? 1 : 0;
    });
  return count > most_recipes_in_place;
}

}  // namespace

std::unique_ptr<llvm::Module> emit_module(const Model& model, llvm::TargetMachine& machine,
                                          llvm::LLVMContext& context, const Parts& parts, std::size_t part) {
  auto module = std::make_unique<llvm::Module>(model.name, context);
  module->setDataLayout(machine.createDataLayout());
  module->setTargetTriple(as_taken(machine.getTargetTriple()));
  module->setPICLevel(llvm::PICLevel::BigPIC);
  std::vector<llvm::Function*> calls, workspaces;
  const std::vector<FunctionSymbols> symbols = function_symbols(model);
  for (std::size_t f = 0; f < symbols.size(); ++f) {
    const kernel::Program& program = model.functions[f];
    const bool outline = has_many_recipes(program);
    std::vector<llvm::Function*> kernels;
    for (std::size_t k = 0; k < program.kernels.size(); ++k) {
      const kernel::Kernel& kernel = program.kernels[k];
      const bool is_here = parts.of(f, k) == part;
      if (!is_here && part != 0) continue;
      kernels.push_back(declare_kernel(*module, program, kernel, symbols[f].stem + "." + kernel.name,
                                       is_here && part == 0));
      if (is_here) KernelEmitter(kernels.back(), program, kernel, outline).run();
    }
    if (part != 0) continue;
    calls.push_back(emit_call(*module, program, kernels, symbols[f].call));
    workspaces.push_back(emit_workspace_bytes(*module, program, symbols[f].workspace_bytes));
  }
  if (part == 0) emit_tables(*module, model, calls, workspaces);
  define_products(*module, machine);
  expand_scattered(*module, machine);
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
