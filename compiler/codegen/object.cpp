// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/object.h"

#include <llvm/ADT/SmallString.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Transforms/Utils/Cloning.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>

#include "compiler/codegen/module.h"
#include "compiler/codegen/target.h"
#include "compiler/support/check.h"

namespace gradc::codegen {

namespace {

// Changes the module: it is lowered on the way.
std::string generate(llvm::Module& module, llvm::TargetMachine& machine, llvm::CodeGenFileType type) {
  llvm::SmallString<0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  llvm::legacy::PassManager passes;
  const bool refused = machine.addPassesToEmitFile(passes, stream, nullptr, type);
  GRADC_CHECK(!refused, "LLVM writes no files of this type for " + machine.getTargetTriple().str());
  passes.run(module);
  return std::string(bytes);
}

}  // namespace

Result<std::vector<std::string>> compile(const Model& model, const Options& options, const Parts& parts) {
  const std::size_t threads = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, parts.count());
  std::vector<std::unique_ptr<llvm::TargetMachine>> machines;  // of each thread
  for (std::size_t k = 0; k < threads; ++k) {
    auto machine = make_target_machine(options);
    if (!machine) return machine.diagnostics();
    machines.push_back(std::move(*machine));
  }
  std::vector<std::string> objects(parts.count());
  std::atomic<std::size_t> next = 0;
  const auto work = [&](llvm::TargetMachine& machine) {
    for (std::size_t part; (part = next++) < objects.size();) {
      llvm::LLVMContext context;
      const std::unique_ptr<llvm::Module> module = emit_module(model, machine, context, parts, part);
      optimize(*module, machine, options.level);
      objects[part] = generate(*module, machine, llvm::CodeGenFileType::ObjectFile);
    }
  };
  std::vector<std::future<void>> others;
  for (std::size_t k = 1; k < threads; ++k)
    others.push_back(std::async(std::launch::async, work, std::ref(*machines[k])));
  work(*machines[0]);
  for (std::future<void>& other : others) other.get();
  return objects;
}

Result<CompiledForms> compile(const Model& model, const Options& options, bool assembly, bool llvm) {
  auto machine = make_target_machine(options);
  if (!machine) return machine.diagnostics();
  llvm::LLVMContext context;
  const std::unique_ptr<llvm::Module> module = emit_module(model, **machine, context);
  optimize(*module, **machine, options.level);
  CompiledForms forms;
  if (llvm) {
    llvm::raw_string_ostream stream(forms.llvm);
    module->print(stream, nullptr);
  }
  if (assembly)
    forms.assembly = generate(*llvm::CloneModule(*module), **machine, llvm::CodeGenFileType::AssemblyFile);
  forms.object = generate(*module, **machine, llvm::CodeGenFileType::ObjectFile);
  return forms;
}

}  // namespace gradc::codegen
