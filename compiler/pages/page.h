// A page that stands alone: a model, its derivation and what was found out about it, for a browser or for
// print. Formulas come as LaTeX that gradc printed, everything else as plain text that is escaped here.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <vector>

#include "compiler/pages/claims.h"
#include "compiler/render/latex_rows.h"

namespace gradc {

struct Page {
  std::string title;   // the file's name
  std::string source;  // the model as it is written
  LatexRows formulas;
  std::string update;  // LaTeX: how params move
  std::vector<ShownClaim> claims;
  std::string picture;  // SVG
};

// One file for a browser, without a network: KaTeX and its fonts stand in it. Without JavaScript the formulas
// are MathML.
std::string html_page(const Page& page);
// A LaTeX document for print, without the picture.
std::string printed_page(const Page& page);

}  // namespace gradc
