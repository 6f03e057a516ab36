// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/pages/claims.h"

#include "compiler/render/latex_name.h"
#include "compiler/render/layout.h"

namespace gradc {
namespace {

constexpr std::size_t beside = 24;  // letters of a label

std::string label(const ShownClaim& claim) {
  return "Claim (" + claim.verdict + (claim.how.empty() ? "" : " " + claim.how) + "):";
}

// Words that meet are one.
void join_words(std::string& line) {
  for (const std::string_view mark : {",", ":", ";"}) {
    const std::string apart = "{" + std::string(mark) + "}\\text{", together = "{" + std::string(mark);
    for (std::size_t at; (at = line.find(apart)) != line.npos;) line.replace(at, apart.size(), together);
  }
}

// A line may end behind a comma or a colon.
std::vector<std::string> sentence(const std::vector<LatexRow::Words>& words) {
  std::vector<std::string> pieces{""};
  for (const LatexRow::Words& part : words) {
    std::string_view text = part.text;
    if (part.is_formula) {
      pieces.back() += text;
      continue;
    }
    if (text.starts_with(',') || text.starts_with(':') || text.starts_with(';')) {
      pieces.back() += "\\text{" + std::string(text.substr(0, 1)) + "}";
      pieces.emplace_back();
      text.remove_prefix(1);
    }
    pieces.back() += "\\text{" + latex_text(text) + "}";
  }
  std::vector<std::string> lines = lines_of(pieces, beside);
  for (std::string& line : lines) join_words(line);
  return lines;
}

}  // namespace

std::string claims_as_latex(const std::vector<ShownClaim>& claims) {
  std::vector<LatexRow> rows;
  for (const ShownClaim& claim : claims) {
    const std::size_t first = rows.size();
    rows.insert(rows.end(), claim.rows.begin(), claim.rows.end());
    rows[first].left = "\\text{" + latex_text(label(claim)) + "}\\quad";
    if (!claim.why.empty()) rows.push_back({"", sentence(claim.why)});
  }
  return aligned({&rows});
}

std::string claims_as_text(const std::vector<ShownClaim>& claims) {
  std::string out;
  for (const ShownClaim& claim : claims) {
    out += label(claim) + " " + claim.source + "\n";
    if (!claim.why_as_text.empty()) out += "  " + claim.why_as_text + "\n";
  }
  return out;
}

}  // namespace gradc
