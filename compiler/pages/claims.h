// What somebody claims of a model, with what was found out about it, as every document shows it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <vector>

#include "compiler/render/latex_rows.h"

namespace gradc {

struct ShownClaim {
  std::string source;          // as the file has it
  std::vector<LatexRow> rows;  // the equation, and below it what it names
  std::string verdict;         // "proved", "wrong"
  std::string how;             // behind it: "at 160 points"
  // Where the sides of a wrong one differ, as LaTeX and as plain text.
  std::vector<LatexRow::Words> why = {};
  std::string why_as_text = {};
};

// Claim (proved): ∂E/∂w = x. An align* environment each, or lines of text; of no claims: nothing.
std::string claims_as_latex(const std::vector<ShownClaim>& claims);
std::string claims_as_text(const std::vector<ShownClaim>& claims);

}  // namespace gradc
