// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/model.h"

#include <set>

namespace gradc::codegen {

std::string identifier(std::string_view name) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string result;
  for (const char c : name) {
    const bool digit = c >= '0' && c <= '9';
    if (digit && result.empty()) result = "m";  // of "model": files are named 20_network
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || digit) {
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

std::vector<FunctionSymbols> function_symbols(const Model& model) {
  std::vector<FunctionSymbols> result;
  std::set<std::string> taken;
  for (const kernel::Program& program : model.functions) {
    const std::string wanted = identifier(model.name) + "_" + identifier(program.name);
    for (int number = 1;; ++number) {
      const std::string stem = number == 1 ? wanted : wanted + "_" + std::to_string(number);
      const FunctionSymbols symbols{stem, stem + "_call", stem + "_workspace_bytes"};
      if (taken.contains(stem) || taken.contains(symbols.call) || taken.contains(symbols.workspace_bytes))
        continue;
      taken.insert({stem, symbols.call, symbols.workspace_bytes});
      result.push_back(symbols);
      break;
    }
  }
  return result;
}

}  // namespace gradc::codegen
