// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/mathml.h"

#include "compiler/render/formula.h"

namespace gradc {

std::string escaped_xml(std::string_view text) {
  std::string out;
  for (const char c : text) switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  return out;
}

namespace {

using Kind = Box::Kind;
constexpr std::string_view name_space = "xmlns=\"http://www.w3.org/1998/Math/MathML\"";

class Writer {
 public:
  std::string out;

  void box(const Box& b) {
    switch (b.kind) {
      case Kind::row: row(b); break;
      case Kind::number: leaf("mn", b.text); break;
      case Kind::letter: leaf("mi", b.text); break;
      case Kind::word: word(b.text); break;
      case Kind::function: word(b.text), leaf("mo", "\u2061"); break;
      // By their own characters: MathML Core knows no other variant than `normal`.
      case Kind::bold: leaf("mn", b.text == "1" ? "𝟏" : b.text); break;
      case Kind::script: leaf("mi", b.text == "N" ? "𝒩" : b.text == "U" ? "𝒰" : b.text); break;
      case Kind::open: leaf("mi", b.text == "Z" ? "ℤ" : b.text == "R" ? "ℝ" : b.text); break;
      case Kind::sign: sign(b.text); break;
      case Kind::large: large(b.text); break;
      case Kind::text: text(b.text); break;
      case Kind::space: out += "<mspace width=\"" + b.text + "em\"/>"; break;
      case Kind::fraction: element("mfrac", {&b.parts[0], &b.parts[1]}); break;
      case Kind::root:
        if (b.parts.size() == 1)
          element("msqrt", {&b.parts[0]});
        else
          element("mroot", {&b.parts[0], &b.parts[1]});
        break;
      case Kind::scripts: scripts(b); break;
      case Kind::accent:
        out += "<mover accent=\"true\">";
        box(b.parts[0]);
        out += "<mo stretchy=\"false\">" + b.text + "</mo></mover>";
        break;
      case Kind::fence: fence(b); break;
      case Kind::braced:
        out += "<munder><munder>";
        box(b.parts[0]);
        out += "<mo stretchy=\"true\">⏟</mo></munder>";
        box(b.parts[1]);
        out += "</munder>";
        break;
      case Kind::choices: choices(b); break;
    }
  }

  void block(const FormulaBlock& lines) {
    std::size_t columns = 0;
    bool numbered = false;
    for (const FormulaLine& line : lines) {
      columns = std::max(columns, line.cells.size());
      numbered = numbered || line.number > 0;
    }
    out += "<math " + std::string(name_space) + " display=\"block\">\n<mtable displaystyle=\"true\">\n";
    for (const FormulaLine& line : lines) {
      out += "<mtr>";
      for (std::size_t k = 0; k < columns; ++k) {
        open_cell(k % 2 == 0 ? "right" : "left");
        if (k < line.cells.size()) row(line.cells[k]);
        out += "</mtd>";
      }
      if (numbered) {
        open_cell("right");
        if (line.number > 0) text("(" + std::to_string(line.number) + ")");
        out += "</mtd>";
      }
      out += "</mtr>\n";
    }
    out += "</mtable>\n</math>\n";
  }

 private:
  void leaf(std::string_view tag, std::string_view text, std::string_view attributes = "") {
    out += "<" + std::string(tag) + std::string(attributes) + ">" + escaped_xml(text) + "</" +
           std::string(tag) + ">";
  }
  // A word of one letter would slant.
  void word(const std::string& text) { leaf("mi", text, text.size() == 1 ? " mathvariant=\"normal\"" : ""); }
  void text(const std::string& words) {
    // Blanks at the ends of <mtext> are dropped.
    std::string kept = words;
    if (kept.starts_with(' ')) kept.replace(0, 1, "\u00A0");
    if (kept.ends_with(' ')) kept.replace(kept.size() - 1, 1, "\u00A0");
    leaf("mtext", kept);
  }
  void sign(const std::string& text) {
    const bool bracket = text == "(" || text == ")" || text == "[" || text == "]" || text == "|";
    leaf("mo", text, bracket ? " stretchy=\"false\"" : "");
  }
  void large(const std::string& text) {
    const bool is_word = static_cast<unsigned char>(text[0]) < 0x80;
    leaf("mo", text, is_word ? " movablelimits=\"true\" form=\"prefix\"" : "");
  }
  void element(std::string_view tag, std::initializer_list<const Box*> children) {
    out += "<" + std::string(tag) + ">";
    for (const Box* child : children) box(*child);
    out += "</" + std::string(tag) + ">";
  }
  // As one child.
  void row(const Box& b) {
    if (b.kind != Kind::row) return box(b);
    if (b.parts.size() == 1) return box(b.parts[0]);
    out += "<mrow>";
    for (const Box& part : b.parts) box(part);
    out += "</mrow>";
  }
  void scripts(const Box& b) {
    const bool below = !b.parts[1].parts.empty(), above = !b.parts[2].parts.empty();
    const bool limits = b.parts[0].kind == Kind::large;
    const std::string_view tag = below && above ? (limits ? "munderover" : "msubsup")
                                 : below        ? (limits ? "munder" : "msub")
                                                : (limits ? "mover" : "msup");
    out += "<" + std::string(tag) + ">";
    // The name of a function without what says that its argument follows.
    if (b.parts[0].kind == Kind::function)
      word(b.parts[0].text);
    else
      row(b.parts[0]);
    if (below) row(b.parts[1]);
    if (above) row(b.parts[2]);
    out += "</" + std::string(tag) + ">";
    if (b.parts[0].kind == Kind::function) leaf("mo", "\u2061");
  }
  void fence(const Box& b) {
    out += "<mrow>";
    if (!b.text.empty()) leaf("mo", b.text, " fence=\"true\" form=\"prefix\" stretchy=\"true\"");
    row(b.parts[0]);
    if (!b.closing.empty()) leaf("mo", b.closing, " fence=\"true\" form=\"postfix\" stretchy=\"true\"");
    out += "</mrow>";
  }
  void choices(const Box& b) {
    out += "<mrow><mo fence=\"true\" form=\"prefix\" stretchy=\"true\">{</mo><mtable>";
    for (std::size_t k = 0; k + 1 < b.parts.size(); k += 2) {
      out += "<mtr>";
      for (const std::size_t side : {k, k + 1}) {
        open_cell("left");
        row(b.parts[side]);
        out += "</mtd>";
      }
      out += "</mtr>";
    }
    out += "</mtable></mrow>";
  }
  // By the attribute for readers of MathML 3, by the style for browsers: Chromium moves what a cell has in it
  // only by the names of its own.
  void open_cell(std::string_view side) {
    out += "<mtd columnalign=\"" + std::string(side) + "\" style=\"text-align: " + std::string(side) +
           "; text-align: -webkit-" + std::string(side) + "\">";
  }
};

}  // namespace

std::string mathml_blocks(std::string_view latex) {
  Writer writer;
  for (const FormulaBlock& block : read_formula_blocks(latex)) writer.block(block);
  return std::move(writer.out);
}

std::string mathml_inline(std::string_view latex) {
  Writer writer;
  writer.out = "<math " + std::string(name_space) + " displaystyle=\"true\">";
  writer.box(read_formula(latex));
  writer.out += "</math>";
  return std::move(writer.out);
}

}  // namespace gradc
