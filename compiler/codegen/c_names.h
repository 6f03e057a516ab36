// Names in generated C: no keyword of C or C++, no macro of the usual headers, and no name twice.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace gradc::codegen {

// One scope of names.
class CNames {
 public:
  // What is no name for a variable, and `taken` besides.
  explicit CNames(std::initializer_list<std::string_view> taken = {});
  // `wanted` itself, or with an underscore or a number behind.
  std::string pick(const std::string& wanted);

 private:
  std::set<std::string, std::less<>> taken_;
};

// Text that ends no comment and starts none.
std::string comment_text(std::string_view text);

}  // namespace gradc::codegen
