// Machine code in this process.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <memory>
#include <span>
#include <string>

#include "compiler/codegen/options.h"
#include "compiler/kernel/program.h"
#include "runtime/abi.h"

namespace gradc::codegen {

// What a model is made of, and how it is called: the name becomes part of symbols.
struct Model {
  std::string name;
  int precision = GRADC_F64;
  std::span<const kernel::Program> functions;
};

// Owns the code; the tables and functions that it gives out live as long.
class JitModel {
 public:
  JitModel(const Model& model, const Options& options = {});
  ~JitModel();
  JitModel(JitModel&&) noexcept;
  JitModel& operator=(JitModel&&) noexcept;

  const gradc_model_info& info() const { return *info_; }

 private:
  struct Owned;
  std::unique_ptr<Owned> owned_;
  const gradc_model_info* info_ = nullptr;
};

}  // namespace gradc::codegen
