// One expression in the notation of dump_syntax.h.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <vector>

#include "compiler/render/index_names.h"

namespace gradc {

struct DumpNames {
  const Context* context;
  IndexNames indices;
  std::vector<std::string> dims;     // by id: unique, quoted
  std::vector<std::string> tensors;  // by id: unique, quoted
  int terms = 0;                     // how many `$n` this definition has
};

// `typed`: where the term stands says its type, so that literals need not.
std::string dump_term(Expr e, DumpNames& names, bool typed = true);

}  // namespace gradc
