// From the text of a model file to its tree. All mistakes that can be told apart are reported in one go.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/support/result.h"
#include "compiler/support/source.h"
#include "grammar/syntax.h"

namespace gradc {

// `file_index` is what the ranges of the tree carry as their file: the place of `source` in the Sources.
Result<syntax::Program> parse(const Source& source, std::uint32_t file_index = 0);

// Adds the statements of one file more to a tree, behind those that it has; returns the mistakes. After one,
// the tree is of no use.
Diagnostics parse_into(syntax::Program& program, const Source& source, std::uint32_t file_index);

}  // namespace gradc
