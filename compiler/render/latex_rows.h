// Formulas in rows: a left side, a right side of one or more lines, and how it came about. `--format latex`
// sets them as align environments, a page for browsers in columns of its own. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "compiler/render/derivation.h"

namespace gradc {

struct LatexRow {
  struct Words {
    std::string text;
    bool is_formula = false;
  };
  std::string left;                // none: the row goes on with what stands above
  std::vector<std::string> right;  // lines; the first begins with its relation
  std::vector<Words> rules = {};
  int number = 0;  // of a step; a step that only shows numbers has none
};

struct LatexRows {
  std::vector<LatexRow> values, derivatives, notes, steps;
};

LatexRows latex_rows(const System& system, const RenderOptions& options);

// "definition of $E$", for use inside \text{…}.
std::string words_in_latex(const std::vector<LatexRow::Words>& words);

// An align* environment; a wider gap stands between the parts. Of no rows: nothing.
std::string aligned(std::initializer_list<const std::vector<LatexRow>*> parts);
// An align environment, which numbers the rows; the rules stand in a column of their own.
std::string numbered(const std::vector<LatexRow>& steps);

}  // namespace gradc
