// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/pages/katex.h"
#include "compiler/pages/page.h"
#include "compiler/render/mathml.h"

namespace gradc {
namespace {

constexpr std::string_view style = R"(
:root { color-scheme: light dark; --ink: #1f2937; --faint: #525b6a; --paper: #ffffff; --panel: #f6f7f9;
  --line: #d8dde4; --given: #eef2f7; --param: #d9ecfb; --derived: #ffffff; --good: #12693f; --bad: #a4262c }
@media (prefers-color-scheme: dark) { :root { --ink: #e2e8f0; --faint: #94a3b8; --paper: #10151f; --panel: #19202d;
  --line: #354052; --given: #222c3c; --param: #12324b; --derived: #10151f; --good: #5fd39b; --bad: #ff8f8f } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, "DejaVu Sans", sans-serif }
main { max-width: 76rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem }
h1 { font-size: 1.5rem; margin: 0 0 1rem } h2 { font-size: 1.1rem; margin: 2.2rem 0 .6rem; color: var(--faint) }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .8rem 1rem;
  overflow-x: auto; font: 14px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; tab-size: 2 }
.formula, .picture { overflow-x: auto; overflow-y: hidden; padding: .3rem 0 }
math { font-size: 1.15em } .formula math { margin: 0 } .formula .katex-display { margin: .4rem 0; text-align: left }
.formula .katex-display > .katex { display: inline-block; text-align: left }
.rows { display: grid; grid-template-columns: auto minmax(0, max-content); gap: .2rem .35rem; align-items: baseline;
  justify-content: start }
.left { grid-column: 1; text-align: right } .right { grid-column: 2; overflow-x: auto; overflow-y: hidden; padding: .2rem 0 }
.left, .right { white-space: nowrap } .notes { margin-top: 1rem }
.steps { grid-template-columns: auto minmax(0, max-content) minmax(13rem, max-content) auto } .steps .begin { margin-top: .9rem }
.rule { grid-column: 3; max-width: 26rem; padding-left: 2rem; color: var(--faint) } .number { grid-column: 4 }
table.claims { border-collapse: collapse; width: 100% }
.claims td { border-top: 1px solid var(--line); padding: .5rem .8rem .5rem 0; vertical-align: middle }
.proved, .tested { color: var(--good) } .wrong { color: var(--bad) } .more { color: var(--faint); font-size: .9em }
.graph { max-width: none } .graph text { fill: var(--ink); font: 14px ui-monospace, "DejaVu Sans Mono", monospace;
  text-anchor: middle } .graph .shape { font-size: 11px; fill: var(--faint) }
.graph rect { stroke: var(--faint); fill: var(--given) } .graph .param rect { fill: var(--param) }
.graph .derived rect { fill: var(--derived) } .graph .derivative rect { fill: var(--derived); stroke-dasharray: 4 3 }
.graph .output rect { stroke-width: 2.5 } .graph .arrow { fill: none; stroke: var(--faint) } .graph .tip { fill: var(--faint) }
@media (max-width: 45rem) {
  .steps { grid-template-columns: minmax(0, 1fr) auto } .steps .left { text-align: left }
  .steps .left, .steps .right { grid-column: 1 / 3 } .steps .right { padding-left: 1rem; margin-top: 0 }
  .rule { grid-column: 1; max-width: none; text-align: right } .number { grid-column: 2 }
  .claims tr { display: block; border-top: 1px solid var(--line); padding: .4rem 0 } .claims td { display: block; border: none; padding: 0 } }
footer { margin-top: 3rem; color: var(--faint); font-size: .85em }
)";

// What stands in a formula's attribute is data for KaTeX, which is told to trust no command.
constexpr std::string_view render_script = R"(
for (const place of document.querySelectorAll('[data-latex]'))
  try {
    const block = place.tagName === 'DIV';
    katex.render((block ? '' : '\\displaystyle ') + place.dataset.latex, place,
                 {displayMode: block, trust: false, maxExpand: 1e6});
  } catch (fault) { console.error(fault); }
)";

std::string formula(std::string_view latex) {
  return "<div class=\"formula\" data-latex=\"" + escaped_xml(latex) + "\">\n" + mathml_blocks(latex) +
         "</div>\n";
}

std::string inline_formula(std::string_view latex) {
  return "<span data-latex=\"" + escaped_xml(latex) + "\">" + mathml_inline(latex) + "</span>";
}

// KaTeX sets one environment at a time.
std::string formulas(std::string_view latex) {
  std::string out;
  while (!latex.empty()) {
    const std::size_t end = latex.find("\\end{align");
    if (end == latex.npos) break;
    const std::size_t next = latex.find('}', end) + 1;
    out += formula(latex.substr(0, next));
    latex.remove_prefix(std::min(latex.find_first_not_of('\n', next), latex.size()));
  }
  return out;
}

std::string words(const std::vector<LatexRow::Words>& words) {
  std::string out;
  for (const LatexRow::Words& part : words)
    out += part.is_formula ? inline_formula(part.text) : escaped_xml(part.text);
  return out;
}

std::string cell(std::string_view classes, const std::string& content) {
  return "<div class=\"" + std::string(classes) + "\">" + content + "</div>\n";
}

// In columns that a narrow screen stacks; a long line scrolls alone. (The rows of KaTeX's own align stand
// closer than in books, and all are as wide as the widest.)
std::string rows(std::string_view kind, const std::vector<LatexRow>& rows) {
  if (rows.empty()) return "";
  std::string out = "<div class=\"rows " + std::string(kind) + "\">\n";
  for (const LatexRow& row : rows) {
    const std::string begins = row.left.empty() ? "" : " begin";
    if (!row.left.empty()) out += cell("left" + begins, inline_formula(row.left));
    for (std::size_t k = 0; k < row.right.size(); ++k)
      out +=
          cell("right" + (k == 0 ? begins : ""), inline_formula((k == 0 ? "" : "\\quad{}") + row.right[k]));
    if (!row.rules.empty()) out += cell("rule", words(row.rules));
    if (row.number > 0) out += cell("number", "(" + std::to_string(row.number) + ")");
  }
  return out + "</div>\n";
}

std::string section(std::string_view id, std::string_view title, const std::string& content) {
  if (content.empty()) return "";
  return "<section id=\"" + std::string(id) + "\">\n<h2>" + std::string(title) + "</h2>\n" + content +
         "</section>\n";
}

std::string claims(const Page& page) {
  if (page.claims.empty()) return "";
  std::string out = "<table class=\"claims\">\n";
  for (const ShownClaim& claim : page.claims) {
    out += "<tr><td class=\"" + escaped_xml(claim.verdict) + "\">" + escaped_xml(claim.verdict) + "</td><td>";
    for (const LatexRow& row : claim.rows)
      for (const std::string& line : row.right) out += cell("line", inline_formula(line));
    out += "</td><td class=\"more\">" + escaped_xml(claim.how) + words(claim.why) + "</td></tr>\n";
  }
  return out + "</table>\n";
}

}  // namespace

std::string html_page(const Page& page) {
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      // Nothing is fetched, whatever might stand in the page.
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; font-src data:; "
      "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n<title>";
  out += escaped_xml(page.title) +
         "</title>\n<style>\n/* KaTeX: MIT licence, Khan Academy and other contributors */\n";
  out += katex_style();
  out += style;
  out += "</style>\n</head>\n<body>\n<main>\n<h1>" + escaped_xml(page.title) + "</h1>\n";
  out += section("model", "Model", "<pre><code>" + escaped_xml(page.source) + "</code></pre>\n");
  out += section("equations", "Equations", rows("values", page.formulas.values));
  out += section("derivatives", "Derivatives",
                 rows("derivatives", page.formulas.derivatives) + rows("notes", page.formulas.notes));
  out += section("steps", "Step by step", rows("steps", page.formulas.steps));
  out += section("claims", "Claims", claims(page));
  out += section("update", "Learning", formulas(page.update));
  out += section("graph", "What reads what",
                 page.picture.empty() ? "" : "<div class=\"picture\">\n" + page.picture + "</div>\n");
  out +=
      "<footer>Made by gradc. The gradient of a parameter has the shape of the "
      "parameter.</footer>\n</main>\n<script>";
  out += katex_script();
  out += "</script>\n<script>";
  out += render_script;
  return out + "</script>\n</body>\n</html>\n";
}

}  // namespace gradc
