// A model's text as functions in this process, by the stages that the command takes too.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "compiler/codegen/jit.h"
#include "compiler/driver/model_file.h"
#include "compiler/kernel/program.h"

namespace gradc::bench {

std::string classifier();          // samples/20_fashion_mnist.grad, without its metric
std::string chain(int equations);  // y1 = f(y0), y2 = f(y1), …: scalars
std::string read_file(const std::string& path);

// `gradient` (loss and gradients, as a training step needs them), and `evaluate` (the loss).
class Compiled {
 public:
  enum class Functions { gradient, gradient_and_evaluate };
  Compiled(const std::string& text, bool f32, Functions functions);
  const gradc_model_info& info() const { return jit_->info(); }
  const gradc_function_info& function(std::string_view name) const;

 private:
  driver::ModelFile file_;
  std::vector<kernel::Program> programs_;
  std::unique_ptr<codegen::JitModel> jit_;
};

}  // namespace gradc::bench
