// An equation that stands beside a derivation, a claim. What the file gives no name of its own, log det S
// inside a sum, is written out in it. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <vector>

#include "compiler/render/latex_rows.h"

namespace gradc {

struct SidesOfEquation {
  Expr left, right;         // a null left side is not printed
  std::vector<DimId> dims;  // of the slots
  std::vector<std::string> index_names;
};

// The equation, and below it what it names.
std::vector<LatexRow> equation_rows(const System& system, const SidesOfEquation& sides);

}  // namespace gradc
