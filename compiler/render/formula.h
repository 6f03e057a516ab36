// A printed formula as boxes: what stands beside, above and under what. The LaTeX that this folder prints is
// the layout of all formulas; other spellings of it (MathML) are written from its boxes, and know nothing of
// expressions. Only what is printed here is read, not LaTeX at large.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gradc {

struct Box {
  enum class Kind {
    row,       // parts, side by side
    number,    // text
    letter,    // text: a name of one letter, which slants
    word,      // text: an upright name
    function,  // text: an upright name whose argument follows
    bold,      // text
    script,    // text: a letter of \mathcal
    open,      // text: a letter of \mathbb
    sign,      // text: an operator, a relation, a comma
    large,     // text: ∑; what stands below and above it are limits
    text,      // text: words between formulas
    space,     // text: its width, in em
    fraction,  // over, under
    root,      // what, and the degree unless it is a square root
    scripts,   // base, below, above: an empty row for what is not there
    accent,    // base; text: the accent
    fence,     // parts between text.front and text.back, each one character of UTF-8, or none
    braced,    // base, and what stands under a brace under it
    choices,   // rows of two cells
  };
  Kind kind = Kind::row;
  std::string text = {};
  std::vector<Box> parts = {};
  std::string closing = {};  // of a fence
};

// A row of aligned formulas; or words, if it stands for itself.
struct FormulaLine {
  std::vector<Box> cells;  // aligned right, left, right, left
  int number = 0;          // of a step; 0: it has none
  bool gap = false;        // more room below
};
using FormulaBlock = std::vector<FormulaLine>;

// "x_{0}+1": one formula.
Box read_formula(std::string_view latex);
// The align environments of a text.
std::vector<FormulaBlock> read_formula_blocks(std::string_view latex);

}  // namespace gradc
