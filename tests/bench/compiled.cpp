// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/bench/compiled.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "compiler/kernel/lower.h"
#include "compiler/support/check.h"
#include "runtime/model.h"
#include "tests/support/model_text.h"

namespace gradc::bench {
std::string classifier() {
  std::istringstream lines(read_file(GRADC_SOURCE_DIR "/samples/20_fashion_mnist.grad"));
  std::string text, line;
  while (std::getline(lines, line) && !line.starts_with("train"))
    if (!line.starts_with("metric")) text += line + "\n";
  return text;
}

std::string chain(int equations) {
  std::string text = "param x init 1\ny0 = x\n";
  for (int i = 1; i <= equations; ++i)
    text += fmt::format("y{} = sigmoid(y{}) * x + 1/{}\n", i, i - 1, i + 1);
  return text + fmt::format("minimize y{}\n", equations);
}

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  GRADC_CHECK(file.good(), path + " cannot be read");
  return {std::istreambuf_iterator<char>(file), {}};
}

Compiled::Compiled(const std::string& text, bool f32, Functions functions) : file_(test::model_of(text)) {
  programs_.push_back(kernel::lower(test::gradient_of(file_), {.f32 = f32}));
  if (functions == Functions::gradient_and_evaluate)
    programs_.push_back(kernel::lower(test::evaluation_of(file_), {.f32 = f32}));
  jit_ = std::make_unique<codegen::JitModel>(codegen::Model{"bench", f32 ? GRADC_F32 : GRADC_F64, programs_});
}

const gradc_function_info& Compiled::function(std::string_view name) const {
  const gradc_function_info* found = find_function(info(), name);
  GRADC_CHECK(found != nullptr, "the model has no such function");
  return *found;
}

}  // namespace gradc::bench
