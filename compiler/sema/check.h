// From the tree of a file to its typed model. All mistakes that can be told apart are reported in one go.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "compiler/sema/model.h"
#include "compiler/support/result.h"
#include "grammar/syntax.h"

namespace gradc {

struct CheckOptions {
  std::map<std::string, std::int64_t> dims = {};  // --dim N=5: sizes that lead over the file's
  std::vector<std::string> wanted = {};           // --of: equations that are used by being asked for
};

// The tensors and expressions of the model are made in `context`, which outlives it.
Result<Model> check(const syntax::Program& program, Context& context, const CheckOptions& options = {});

}  // namespace gradc
