// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/latex_rows.h"

#include "compiler/render/footnotes.h"
#include "compiler/render/latex_name.h"
#include "compiler/render/layout.h"
#include "compiler/render/steps.h"

namespace gradc {
namespace {

std::string row_of(const LatexRow& row, std::string_view at_break) {
  std::string out = row.left + "&";
  for (std::size_t k = 0; k < row.right.size(); ++k) {
    if (k > 0) out += at_break;
    append_latex(out, row.right[k]);
  }
  return out;
}

std::vector<LatexRow> step_rows(const System& system, const RenderOptions& options) {
  std::vector<LatexRow> rows;
  if (options.chains.empty()) return rows;
  for (const PrintedStep& step : printed_steps(system, Format::latex, options)) {
    LatexRow row;
    row.left = step.name.empty() ? "" : step.name + ":=";
    append_latex(row.left, step.left);
    if (!step.right.empty()) row.right = lines_of(step.right, width_of(step.name) + width_of(step.left));
    if (!step.right.empty()) row.right[0].insert(0, "=");
    row.rules = rule_words(system.context(), step.rules, options.place);
    row.number = step.number;
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

LatexRows latex_rows(const System& system, const RenderOptions& options) {
  LatexRows rows;
  for (const DerivationLine& line : derivation(system, Format::latex, options)) {
    LatexRow row;
    row.left = line.is_local ? "\\text{where }" : "";
    if (!line.name.empty()) row.left += line.name + ":=";
    row.left += line.left;
    row.right = lines_of(line.right, width_of(line.name) + width_of(line.left));
    row.right[0].insert(0, line.relation);
    (line.is_derivative ? rows.derivatives : rows.values).push_back(std::move(row));
  }
  for (const std::string& note : kink_footnotes(system, Format::latex)) rows.notes.push_back({"", {note}});
  rows.steps = step_rows(system, options);
  return rows;
}

std::string words_in_latex(const std::vector<LatexRow::Words>& words) {
  std::string out;
  for (const LatexRow::Words& part : words)
    out += part.is_formula ? "$" + part.text + "$" : latex_text(part.text);
  return out;
}

std::string aligned(std::initializer_list<const std::vector<LatexRow>*> parts) {
  std::string rows;
  for (const std::vector<LatexRow>* part : parts)
    for (std::size_t k = 0; k < part->size(); ++k) {
      if (!rows.empty()) rows += k == 0 ? "\\\\[4pt]\n" : "\\\\\n";
      rows += row_of((*part)[k], "\\\\\n&\\quad{}");
    }
  return rows.empty() ? "" : "\\begin{align*}\n" + rows + "\n\\end{align*}\n";
}

std::string numbered(const std::vector<LatexRow>& steps) {
  if (steps.empty()) return "";
  std::string out = "\\begin{align}\n";
  for (std::size_t k = 0; k < steps.size(); ++k) {
    out += row_of(steps[k], "\\nonumber\\\\\n&\\quad{}");
    if (!steps[k].rules.empty()) out += "&&\\text{" + words_in_latex(steps[k].rules) + "}";
    if (steps[k].number == 0) out += "\\nonumber";
    const bool is_last = k + 1 == steps.size();
    const bool chain_ends = !is_last && !steps[k + 1].left.empty() && steps[k + 1].number > 0;
    out += is_last ? "\n" : chain_ends ? "\\\\[6pt]\n" : "\\\\\n";
  }
  return out + "\\end{align}\n";
}

}  // namespace gradc
