// What is compiled, for which machine, and how hard to try.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <span>
#include <string>
#include <vector>

#include "compiler/kernel/program.h"
#include "runtime/abi.h"

namespace gradc::codegen {

// What a model is made of, and how it is called: the name becomes part of symbols.
struct Model {
  std::string name;
  int precision = GRADC_F64;
  std::span<const kernel::Program> functions;
};

struct Options {
  int level = 2;            // 0 or 2
  std::string cpu = {};     // empty: the host's, or "generic" where a target is given
  std::string target = {};  // a triple; empty: the host's
};

// Whether the processor multiplies and adds with one rounding; where it does not, libm would do it element by
// element. True of a target that make_target_machine refuses.
bool has_fma(const Options& options);

// A C identifier from any name: letters and digits stay, what else there is becomes _ and its code.
std::string identifier(std::string_view name);

// What the linker sees of a model.
std::string model_symbol(const Model& model);  // of its table: gradc_model_NAME
struct FunctionSymbols {
  std::string stem;             // NAME_FUNCTION
  std::string call;             // NAME_FUNCTION_call, a gradc_call
  std::string workspace_bytes;  // NAME_FUNCTION_workspace_bytes
};
std::vector<FunctionSymbols> function_symbols(const Model& model);  // one of a kind each

}  // namespace gradc::codegen
