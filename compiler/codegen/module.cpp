// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/module.h"

#include <llvm/IR/Verifier.h>
#include <llvm/MC/MCSubtargetInfo.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/TargetParser/Host.h>
#include <llvm/TargetParser/Triple.h>

#include "compiler/support/check.h"

namespace gradc::codegen {

std::unique_ptr<llvm::TargetMachine> make_target_machine(const Options& options, std::string& error) {
  static const bool ready = [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    llvm::InitializeNativeTargetAsmParser();
    return true;
  }();
  static_cast<void>(ready);
  const std::string triple =
      options.target.empty() ? llvm::sys::getProcessTriple() : llvm::Triple::normalize(options.target);
  const llvm::Target* target = llvm::TargetRegistry::lookupTarget(triple, error);
  if (!target) return nullptr;
  std::string cpu = options.cpu, features;
  if (cpu.empty() && options.target.empty()) {
    cpu = llvm::sys::getHostCPUName();
    for (const auto& feature : llvm::sys::getHostCPUFeatures())
      features += (feature.second ? "+" : "-") + feature.first().str() + ",";
  }
  llvm::TargetOptions machine_options;
  machine_options.AllowFPOpFusion = llvm::FPOpFusion::Strict;
  std::unique_ptr<llvm::TargetMachine> machine(target->createTargetMachine(
      triple, cpu.empty() ? "generic" : cpu, features, machine_options, llvm::Reloc::PIC_, std::nullopt,
      options.level == 0 ? llvm::CodeGenOptLevel::None : llvm::CodeGenOptLevel::Default));
  if (!machine->getMCSubtargetInfo()->isCPUStringValid(cpu.empty() ? "generic" : cpu)) {
    error = "no such processor: " + cpu;
    return nullptr;
  }
  return machine;
}

std::string identifier(std::string_view name) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string result;
  for (const char c : name) {
    const bool digit = c >= '0' && c <= '9';
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (digit && !result.empty())) {
      result += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      result += '_';
      result += digits[byte >> 4];
      result += digits[byte & 15];
    }
  }
  return result.empty() ? "_" : result;
}

std::string model_symbol(const Model& model) { return "gradc_model_" + identifier(model.name); }
std::string function_symbol(const Model& model, const kernel::Program& program) {
  return identifier(model.name) + "_" + identifier(program.name);
}

std::unique_ptr<llvm::Module> emit_module(const Model& model, llvm::TargetMachine& machine,
                                          llvm::LLVMContext& context) {
  auto module = std::make_unique<llvm::Module>(model.name, context);
  module->setDataLayout(machine.createDataLayout());
  module->setTargetTriple(machine.getTargetTriple().str());
  module->setPICLevel(llvm::PICLevel::BigPIC);
  std::vector<llvm::Function*> calls, workspaces;
  for (const kernel::Program& program : model.functions) {
    const std::string symbol = function_symbol(model, program);
    calls.push_back(emit_call(*module, program, symbol));
    workspaces.push_back(emit_workspace_bytes(*module, program, symbol + "_workspace_bytes"));
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
