// Machine code in this process.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <memory>

#include "compiler/codegen/model.h"

namespace gradc::codegen {

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
