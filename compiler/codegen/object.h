// A model as bytes of a file: an object file for the linker, and its readable forms.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>

#include "compiler/codegen/model.h"
#include "compiler/codegen/parts.h"
#include "compiler/support/result.h"

namespace gradc::codegen {

struct CompiledForms {
  std::string object;    // position-independent
  std::string assembly;  // empty unless asked for, as is the next
  std::string llvm;      // LLVM IR, as it reaches the code generator
};

// Position-independent object files, made at the same time. Codes of their functions are the same, to the
// bit, whatever the parts are.
Result<std::vector<std::string>> compile(const Model& model, const Options& options, const Parts& parts);

// The same code, to the bit, as JitModel makes of the same model and options.
Result<CompiledForms> compile(const Model& model, const Options& options, bool assembly, bool llvm);

}  // namespace gradc::codegen
