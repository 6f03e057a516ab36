// The header by which C and C++ programs call a compiled model.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <string_view>

#include "compiler/codegen/model.h"

namespace gradc::codegen {

// C99, and C++ as well: the table, the functions of the ABI, and for each of them one with typed arguments
// that says what each argument is. It includes gradc_abi.h, which is written beside it, so that the headers
// of several models can be included together. `file` is the header's own name, without its ending.
std::string c_header(const Model& model, std::string_view file);

// The text of gradc_abi.h: runtime/abi.h as it was when gradc was built.
extern const std::string_view abi_header;

}  // namespace gradc::codegen
