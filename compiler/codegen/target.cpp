// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/target.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/MC/MCSubtargetInfo.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Support/CommandLine.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/TargetParser/Host.h>

#include <algorithm>

#include "compiler/codegen/triple.h"

namespace gradc::codegen {

namespace {

// The processors whose code is tested. The tables of abi.h want pointers of 64 bits.
struct Architecture {
  llvm::Triple::ArchType type;
  const char* example;
  const char* features;  // of the ABI that Linux has there, where LLVM's "generic" has fewer
  const char* abi;
};
constexpr Architecture architectures[] = {
    {llvm::Triple::x86_64, "x86_64-linux-gnu", "", ""},
    {llvm::Triple::aarch64, "aarch64-linux-gnu", "", ""},
    {llvm::Triple::riscv64, "riscv64-linux-gnu", "+m,+a,+f,+d,+c", "lp64d"},
    {llvm::Triple::ppc64le, "powerpc64le-linux-gnu", "", ""},
};

const Architecture* find(llvm::Triple::ArchType type) {
  for (const Architecture& a : architectures)
    if (a.type == type) return &a;
  return nullptr;
}

// Only the host's back end is set up until another one is asked for: a start costs a few milliseconds.
void initialize(bool native) {
  static const bool host = [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    // Quadratic in the number of masked operations of a block, and of no use to code that keeps to vectors.
    const char* const options[] = {"gradc", "-disable-x86-domain-reassignment"};
    const auto& known = llvm::cl::getRegisteredOptions();
    if (known.contains("disable-x86-domain-reassignment")) llvm::cl::ParseCommandLineOptions(2, options);
    return true;
  }();
  static_cast<void>(host);
  if (native) return;
  static const bool all = [] {
#define GRADC_BACK_END(name)          \
  LLVMInitialize##name##TargetInfo(); \
  LLVMInitialize##name##Target();     \
  LLVMInitialize##name##TargetMC();   \
  LLVMInitialize##name##AsmPrinter();
    GRADC_BACK_END(X86)
    GRADC_BACK_END(AArch64)
    GRADC_BACK_END(RISCV)
    GRADC_BACK_END(PowerPC)
#undef GRADC_BACK_END
    return true;
  }();
  static_cast<void>(all);
}

Diagnostic unknown_target(const std::string& given, std::string_view why) {
  std::vector<std::string> examples;
  for (const Architecture& a : architectures) examples.push_back(a.example);
  const std::string near = did_you_mean(given, examples);
  return error_at(
      DiagnosticCode::E801, "--target", fmt::format("{} `{}`", why, given),
      fmt::format("{}the targets are {}", near.empty() ? "" : fmt::format("did you mean `{}`? ", near),
                  fmt::join(examples, ", ")));
}

Diagnostic unknown_cpu(const std::string& given, const llvm::Triple& triple,
                       const llvm::MCSubtargetInfo& known) {
  std::vector<std::string> names;
  for (const auto& cpu : known.getAllProcessorDescriptions()) names.push_back(cpu.Key);
  std::sort(names.begin(), names.end());
  const std::string near = did_you_mean(given, names);
  return error_at(
      DiagnosticCode::E802, "--cpu",
      fmt::format("unknown processor `{}` for {}", given, triple.getArchName().str()),
      fmt::format("{}the processors are {}", near.empty() ? "" : fmt::format("did you mean `{}`? ", near),
                  fmt::join(names, ", ")));
}

llvm::Triple triple_of(const Options& options) {
  return llvm::Triple(options.target.empty() ? llvm::sys::getProcessTriple()
                                             : llvm::Triple::normalize(options.target));
}

}  // namespace

bool is_native(const Options& options) {
  const llvm::Triple host(llvm::sys::getProcessTriple()), triple = triple_of(options);
  return triple.getArch() == host.getArch() && triple.getOS() == host.getOS();
}

bool has_fma(const Options& options) {
  const llvm::Triple triple = triple_of(options);
  if (!triple.isX86()) return true;  // all others on the list do
  if (options.cpu.empty() && options.target.empty()) {
    static const bool host = llvm::sys::getHostCPUFeatures().lookup("fma");
    return host;
  }
  const auto machine = make_target_machine(options);
  return !machine || (*machine)->getMCSubtargetInfo()->checkFeatures("+fma");
}

Result<std::unique_ptr<llvm::TargetMachine>> make_target_machine(const Options& options) {
  const llvm::Triple triple = triple_of(options);
  const Architecture* architecture = find(triple.getArch());
  const bool given = !options.target.empty();
  if (given && !architecture) return unknown_target(options.target, "unknown target");
  if (given && (triple.getOS() != llvm::Triple::Linux || !triple.isOSBinFormatELF() || triple.isX32()))
    return unknown_target(options.target, "compiled files are for Linux so far, not for");
  initialize(is_native(options));
  std::string error;
  const llvm::Target* target = llvm::TargetRegistry::lookupTarget(as_taken(triple), error);
  if (!target) return unknown_target(options.target, "this LLVM was built without the target");

  std::string cpu = options.cpu.empty() ? "generic" : options.cpu;
  std::string features = architecture ? architecture->features : "";
  if (options.cpu.empty() && !given) {
    cpu = llvm::sys::getHostCPUName();
    for (const auto& feature : llvm::sys::getHostCPUFeatures())
      features += (feature.second ? "+" : "-") + feature.first().str() + ",";
  } else {
    const std::unique_ptr<llvm::MCSubtargetInfo> known(
        target->createMCSubtargetInfo(as_taken(triple), "", ""));
    const auto names = known->getAllProcessorDescriptions();
    if (std::none_of(names.begin(), names.end(), [&](const auto& n) { return cpu == n.Key; }))
      return unknown_cpu(cpu, triple, *known);
  }
  llvm::TargetOptions machine_options;
  machine_options.AllowFPOpFusion = llvm::FPOpFusion::Strict;
  if (architecture) machine_options.MCOptions.ABIName = architecture->abi;
  return std::unique_ptr<llvm::TargetMachine>(target->createTargetMachine(
      as_taken(triple), cpu, features, machine_options, llvm::Reloc::PIC_, std::nullopt,
      options.level == 0 ? llvm::CodeGenOptLevel::None : llvm::CodeGenOptLevel::Default));
}

}  // namespace gradc::codegen
