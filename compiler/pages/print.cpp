// The page for print, as LaTeX. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/pages/page.h"
#include "compiler/render/latex_name.h"

namespace gradc {
namespace {

bool is_plain(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// A line of the model in typewriter letters, which have all of ASCII at its own numbers; no character stands
// for itself but letters and digits, so nothing in a line is a command.
std::string typed(std::string_view line) {
  std::string out;
  for (std::size_t i = 0; i < line.size();) {
    std::size_t end = i + 1;
    while (end < line.size() && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) ++end;
    const std::string_view letter = line.substr(i, end - i);
    if (letter.size() > 1)
      out += latex_text(letter);
    else if (letter[0] == ' ' || letter[0] == '\t')
      out += "\\ \\allowbreak ";
    else if (is_plain(letter[0]))
      out += letter;
    else if (letter[0] > ' ')
      out += "\\char" + std::to_string(int{letter[0]}) + "{}";
    i = end;
  }
  return out;
}

std::string listing(std::string_view source) {
  std::string out = "\\begingroup\\small\\ttfamily\\raggedright\\parindent=0pt\n";
  while (!source.empty()) {
    const std::size_t end = source.find('\n');
    out += "\\leavevmode\\hangindent=2em " + typed(source.substr(0, end)) + "\\par\n";
    source.remove_prefix(end == source.npos ? source.size() : end + 1);
  }
  return out + "\\endgroup\n";
}

std::string section(std::string_view title, const std::string& content) {
  return content.empty() ? "" : "\\section*{" + std::string(title) + "}\n" + content;
}

}  // namespace

std::string printed_page(const Page& page) {
  return latex_document(
      "\\section*{\\texttt{" + typed(page.title) + "}}\n" + listing(page.source) +
      section("Equations", aligned({&page.formulas.values})) +
      section("Derivatives", aligned({&page.formulas.derivatives}) + aligned({&page.formulas.notes})) +
      section("Step by step", numbered(page.formulas.steps)) +
      section("Claims", claims_as_latex(page.claims)) + section("Learning", page.update));
}

}  // namespace gradc
