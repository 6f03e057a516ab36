// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/jit.h"

#include <llvm/ExecutionEngine/Orc/LLJIT.h>

#include <cmath>
#include <cstring>

#include "compiler/codegen/object.h"
#include "compiler/support/check.h"

namespace gradc::codegen {

namespace orc = llvm::orc;

namespace {

template <class T>
T unwrap(llvm::Expected<T> value) {
  if (!value) GRADC_UNREACHABLE("LLVM's JIT: " + llvm::toString(value.takeError()));
  return std::move(*value);
}
void succeed(llvm::Error error) {
  if (error) GRADC_UNREACHABLE("LLVM's JIT: " + llvm::toString(std::move(error)));
}

struct Symbol {
  const char* name;
  void* address;
};

// All that compiled code may call; the process itself is not searched.
std::vector<Symbol> allowed() {
  using Unary = double (*)(double);
  using Binary = double (*)(double, double);
  using Single = float (*)(float);
  const auto unary = [](const char* name, Unary f) { return Symbol{name, reinterpret_cast<void*>(f)}; };
  const auto binary = [](const char* name, Binary f) { return Symbol{name, reinterpret_cast<void*>(f)}; };
  const auto single = [](const char* name, Single f) { return Symbol{name, reinterpret_cast<void*>(f)}; };
  return {
      unary("sin", std::sin),
      unary("cos", std::cos),
      unary("tan", std::tan),
      unary("asin", std::asin),
      unary("acos", std::acos),
      unary("atan", std::atan),
      unary("sinh", std::sinh),
      unary("cosh", std::cosh),
      unary("tanh", std::tanh),
      unary("asinh", std::asinh),
      unary("acosh", std::acosh),
      unary("atanh", std::atanh),
      unary("cbrt", std::cbrt),
      unary("erf", std::erf),
      unary("erfc", std::erfc),
      unary("exp", std::exp),
      unary("exp2", std::exp2),
      unary("expm1", std::expm1),
      unary("log", std::log),
      unary("log2", std::log2),
      unary("log10", std::log10),
      unary("log1p", std::log1p),
      unary("lgamma", std::lgamma),
      unary("j0", ::j0),
      unary("j1", ::j1),
      {"jn", reinterpret_cast<void*>(::jn)},
      binary("pow", std::pow),
      binary("hypot", std::hypot),
      binary("atan2", std::atan2),
      // what LLVM makes of rounding and fma where the processor has no instruction for them
      unary("floor", std::floor),
      unary("ceil", std::ceil),
      unary("trunc", std::trunc),
      unary("sqrt", std::sqrt),
      unary("roundeven", std::nearbyint),
      single("floorf", std::floor),
      single("ceilf", std::ceil),
      single("truncf", std::trunc),
      single("sqrtf", std::sqrt),
      single("roundevenf", std::nearbyint),
      {"fma", reinterpret_cast<void*>(static_cast<double (*)(double, double, double)>(std::fma))},
      {"fmaf", reinterpret_cast<void*>(static_cast<float (*)(float, float, float)>(std::fma))},
      {"memset", reinterpret_cast<void*>(std::memset)},
      {"memcpy", reinterpret_cast<void*>(std::memcpy)},
      {"memmove", reinterpret_cast<void*>(std::memmove)},
  };
}

}  // namespace

struct JitModel::Owned {
  std::unique_ptr<orc::LLJIT> jit;
};

JitModel::JitModel(const Model& model, const Options& options) : owned_(std::make_unique<Owned>()) {
  const auto objects = compile(model, options, Parts(model));
  GRADC_CHECK(objects, "no code can be made for this process: " + objects.diagnostics().front().message);

  orc::LLJITBuilder builder;
  builder.setLinkProcessSymbolsByDefault(false);
  builder.setPlatformSetUp(orc::setUpInactivePlatform);
  owned_->jit = unwrap(builder.create());
  orc::LLJIT& jit = *owned_->jit;
  orc::SymbolMap symbols;
  for (const Symbol& s : allowed())
    symbols[jit.mangleAndIntern(s.name)] = {orc::ExecutorAddr::fromPtr(s.address),
                                            llvm::JITSymbolFlags::Exported};
  succeed(jit.getMainJITDylib().define(orc::absoluteSymbols(std::move(symbols))));
  for (const std::string& object : *objects)
    succeed(jit.addObjectFile(llvm::MemoryBuffer::getMemBufferCopy(object, model.name)));
  info_ = unwrap(jit.lookup(model_symbol(model))).toPtr<const gradc_model_info*>();
}

JitModel::~JitModel() = default;
JitModel::JitModel(JitModel&&) noexcept = default;
JitModel& JitModel::operator=(JitModel&&) noexcept = default;

}  // namespace gradc::codegen
