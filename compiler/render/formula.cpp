// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/formula.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

#include "compiler/render/latex_name.h"
#include "compiler/support/check.h"

namespace gradc {
namespace {

using Kind = Box::Kind;

struct Command {
  std::string_view latex;
  Kind kind;
  std::string_view text;
};
constexpr Command commands[] = {
    {"sum", Kind::large, "∑"},
    {"prod", Kind::large, "∏"},
    {"max", Kind::large, "max"},
    {"min", Kind::large, "min"},
    {"exists", Kind::large, "∃"},
    {"forall", Kind::large, "∀"},
    {"partial", Kind::sign, "∂"},
    {"nabla", Kind::sign, "∇"},
    {"odot", Kind::sign, "⊙"},
    {"oslash", Kind::sign, "⊘"},
    {"cdot", Kind::sign, "⋅"},
    {"le", Kind::sign, "≤"},
    {"ge", Kind::sign, "≥"},
    {"ne", Kind::sign, "≠"},
    {"sim", Kind::sign, "∼"},
    {"in", Kind::sign, "∈"},
    {"mid", Kind::sign, "∣"},
    {"notin", Kind::sign, "∉"},
    {"leftarrow", Kind::sign, "←"},
    {"dots", Kind::sign, "…"},
    {"top", Kind::sign, "⊤"},
    {"infty", Kind::sign, "∞"},
    {"land", Kind::sign, "∧"},
    {"lor", Kind::sign, "∨"},
    {"bmod", Kind::sign, "mod"},
    {"log", Kind::function, "log"},
    {"exp", Kind::function, "exp"},
    {"sin", Kind::function, "sin"},
    {"cos", Kind::function, "cos"},
    {"tan", Kind::function, "tan"},
    {"arcsin", Kind::function, "arcsin"},
    {"sinh", Kind::function, "sinh"},
    {"cosh", Kind::function, "cosh"},
    {"tanh", Kind::function, "tanh"},
    {"arccos", Kind::function, "arccos"},
    {"arctan", Kind::function, "arctan"},
    {"det", Kind::function, "det"},
    {"quad", Kind::space, "1"},
    {"qquad", Kind::space, "2"},
    {",", Kind::space, "0.17"},
    {" ", Kind::space, "0.33"},
    {";", Kind::space, "0.28"},
    {"{", Kind::sign, "{"},
    {"}", Kind::sign, "}"},
    {"_", Kind::word, "_"},
    {"&", Kind::word, "&"},
    {"%", Kind::word, "%"},
    {"#", Kind::word, "#"},
    {"$", Kind::word, "$"},
};

constexpr std::pair<std::string_view, std::string_view> delimiters[] = {
    {"\\lVert", "‖"}, {"\\rVert", "‖"}, {"\\lfloor", "⌊"}, {"\\rfloor", "⌋"}, {"\\lceil", "⌈"},
    {"\\rceil", "⌉"}, {"\\{", "{"},     {"\\}", "}"},      {".", ""}};

constexpr std::pair<std::string_view, std::string_view> accents[] = {
    {"hat", "^"},   {"bar", "¯"},   {"tilde", "~"}, {"dot", "˙"},      {"vec", "→"},  {"grave", "`"},
    {"acute", "´"}, {"breve", "˘"}, {"ddot", "¨"},  {"mathring", "˚"}, {"check", "ˇ"}};

// Styles that make one upright word of their argument.
constexpr std::pair<std::string_view, Kind> styles[] = {{"mathrm", Kind::word},
                                                        {"operatorname", Kind::function},
                                                        {"mathbf", Kind::bold},
                                                        {"mathcal", Kind::script},
                                                        {"mathbb", Kind::open}};

class Reader {
 public:
  explicit Reader(std::string_view latex) : rest_(latex) {}

  // Up to the end or to what closes it, which is left.
  Box row() {
    Box row;
    for (;;) {
      skip_blanks();
      if (rest_.empty() || rest_[0] == '}' || rest_[0] == '&' || starts("\\right") || starts("\\\\") ||
          starts("\\end{"))
        break;
      if (starts("]") && in_optional_) break;
      attach(row, atom());
    }
    return row;
  }

  std::vector<FormulaBlock> blocks() {
    std::vector<FormulaBlock> found;
    int number = 0;
    for (std::size_t at; (at = rest_.find("\\begin{align")) != rest_.npos;) {
      rest_.remove_prefix(at);
      const bool numbered = !starts("\\begin{align*}");
      take(numbered ? "\\begin{align}" : "\\begin{align*}");
      found.push_back(lines(numbered, number));
      take(numbered ? "\\end{align}" : "\\end{align*}");
    }
    return found;
  }

  bool done() {
    skip_blanks();
    return rest_.empty();
  }

 private:
  bool starts(std::string_view text) const { return rest_.starts_with(text); }
  bool accept(std::string_view text) {
    const bool yes = starts(text);
    if (yes) rest_.remove_prefix(text.size());
    return yes;
  }
  void take(std::string_view text) { GRADC_CHECK(accept(text), "a formula that is not as it is printed"); }
  void skip_blanks() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n')) rest_.remove_prefix(1);
  }
  std::string_view letters() {
    std::size_t n = 0;
    while (n < rest_.size() && std::isalpha(static_cast<unsigned char>(rest_[n]))) ++n;
    return cut(n);
  }
  std::string_view cut(std::size_t n) {
    const std::string_view text = rest_.substr(0, n);
    rest_.remove_prefix(text.size());
    return text;
  }
  // One character of UTF-8.
  std::string_view character() {
    std::size_t n = 1;
    while (n < rest_.size() && (static_cast<unsigned char>(rest_[n]) & 0xC0) == 0x80) ++n;
    return cut(n);
  }

  FormulaBlock lines(bool numbered, int& number) {
    FormulaBlock block;
    skip_blanks();
    while (!starts("\\end{")) {
      FormulaLine line;
      bool counts = numbered;
      for (;;) {
        line.cells.push_back(row());
        if (is_uncounted_) counts = is_uncounted_ = false;
        if (!accept("&")) break;
      }
      if (accept("\\\\") && accept("[")) {
        line.gap = true;
        rest_.remove_prefix(rest_.find(']') + 1);
      }
      if (counts) line.number = ++number;
      block.push_back(std::move(line));
      skip_blanks();
    }
    return block;
  }

  // Indices and exponents belong to what stands before them.
  void attach(Box& row, Box atom) {
    const bool prime = atom.kind == Kind::sign && atom.text == "'";
    if (!prime) {
      row.parts.push_back(std::move(atom));
    } else {
      const std::string_view primes = accept("''") ? "‴" : accept("'") ? "″" : "′";
      scripts_of(row).parts[2].parts.push_back({Kind::sign, std::string(primes)});
    }
    while (starts("_") || starts("^")) {
      const std::size_t where = rest_[0] == '_' ? 1 : 2;
      cut(1);
      Box script = argument();
      Box& place = scripts_of(row).parts[where];
      place.parts.push_back(std::move(script));
    }
  }
  static Box& scripts_of(Box& row) {
    if (row.parts.empty()) row.parts.emplace_back();
    Box& last = row.parts.back();
    if (last.kind != Kind::scripts) {
      Box base = std::move(last);
      last = {Kind::scripts, {}, {}, {}};
      last.parts.push_back(std::move(base));
      last.parts.resize(3);
    }
    return last;
  }

  // {…}, or one token.
  Box argument() {
    skip_blanks();
    if (accept("{")) {
      const bool outside = std::exchange(in_optional_, false);
      Box inside = row();
      in_optional_ = outside;
      take("}");
      if (inside.parts.size() != 1) return inside;
      Box only = std::move(inside.parts[0]);
      return only;
    }
    if (std::isdigit(static_cast<unsigned char>(rest_[0]))) return {Kind::number, std::string(cut(1))};
    return atom();
  }

  Box atom() {
    if (starts("{")) return argument();
    if (starts("\\")) return command();
    if (std::isdigit(static_cast<unsigned char>(rest_[0]))) {
      std::size_t n = 1;
      while (n < rest_.size() && (std::isdigit(static_cast<unsigned char>(rest_[n])) || rest_[n] == '.')) ++n;
      if (rest_[n - 1] == '.') --n;
      return {Kind::number, std::string(cut(n))};
    }
    if (std::isalpha(static_cast<unsigned char>(rest_[0]))) return {Kind::letter, std::string(cut(1))};
    if (accept(":=")) return {Kind::sign, "≔"};
    const std::string_view sign = character();
    return {Kind::sign, sign == "-" ? "−" : std::string(sign)};
  }

  Box command() {
    cut(1);
    std::string_view name = letters();
    if (name.empty()) name = cut(1);
    if (name == "left") return fence();
    if (name == "frac" || name == "tfrac") return with_arguments(Kind::fraction, 2);
    if (name == "underbrace") {
      Box brace = with_arguments(Kind::braced, 1);
      take("_");
      brace.parts.push_back(argument());
      return brace;
    }
    if (name == "sqrt") {
      std::optional<Box> degree;
      if (accept("[")) {
        in_optional_ = true;
        degree = row();
        in_optional_ = false;
        take("]");
      }
      Box root = with_arguments(Kind::root, 1);
      if (degree) root.parts.push_back(std::move(*degree));
      return root;
    }
    if (name == "text") return words();
    if (name == "nonumber") {
      is_uncounted_ = true;
      return {};
    }
    if (name == "begin") return choices();
    for (const auto& [style, kind] : styles)
      if (style == name) return upright(kind);
    for (const auto& [accent, mark] : accents)
      if (accent == name) {
        Box box = with_arguments(Kind::accent, 1);
        box.text = mark;
        return box;
      }
    for (const Command& c : commands)
      if (c.latex == name) return {c.kind, std::string(c.text)};
    const std::string letter = letter_of_command(name);
    GRADC_CHECK(!letter.empty(), "a command that no formula should have");
    return {Kind::letter, letter};
  }

  Box with_arguments(Kind kind, int count) {
    Box box{kind, {}, {}, {}};
    for (int k = 0; k < count; ++k) box.parts.push_back(argument());
    return box;
  }

  std::string delimiter() {
    for (const auto& [latex, text] : delimiters)
      if (accept(latex)) return std::string(text);
    return std::string(character());
  }

  Box fence() {
    Box box{Kind::fence, delimiter(), {}, {}};
    const bool outside = std::exchange(in_optional_, false);
    box.parts.push_back(row());
    in_optional_ = outside;
    take("\\right");
    box.closing = delimiter();
    return box;
  }

  // The words of \mathrm{leaky\_relu}, \operatorname{arg\,max}; letters with accents stand as they are.
  Box upright(Kind kind) {
    const Box inside = argument();
    Box box{kind, {}, {}, {}};
    for (const Box& part : inside.kind == Kind::row ? inside.parts : std::vector<Box>{inside}) {
      if (part.kind == Kind::space)
        box.text += " ";
      else if (part.kind == Kind::accent)
        return {Kind::row, {}, inside.parts, {}};
      else
        box.text += part.text;
    }
    if (box.text.starts_with("arg ")) box.kind = Kind::large;
    return box;
  }

  // Words, with names between dollars.
  Box words() {
    take("{");
    Box row;
    std::string text;
    const auto flush = [&] {
      if (!text.empty()) row.parts.push_back({Kind::text, std::exchange(text, {})});
    };
    while (!accept("}")) {
      GRADC_CHECK(!rest_.empty(), "words without an end");
      if (accept("$")) {
        flush();
        const std::size_t end = rest_.find('$');
        row.parts.push_back(read_formula(cut(end)));
        cut(1);
      } else if (accept("\\textasciicircum{}")) {
        text += '^';
      } else if (accept("\\textasciitilde{}")) {
        text += '~';
      } else {
        accept("\\");
        text += character();
      }
    }
    flush();
    return row.parts.size() == 1 ? Box(row.parts[0]) : row;
  }

  Box choices() {
    take("{cases}");
    Box box{Kind::choices, {}, {}, {}};
    for (;;) {
      box.parts.push_back(row());
      if (accept("&")) continue;
      if (accept("\\\\")) continue;
      take("\\end{cases}");
      break;
    }
    return box;
  }

  std::string_view rest_;
  bool in_optional_ = false;   // a ] ends the row
  bool is_uncounted_ = false;  // \nonumber was met
};

}  // namespace

Box read_formula(std::string_view latex) {
  Reader reader(latex);
  Box row = reader.row();
  GRADC_CHECK(reader.done(), "a formula that is not as it is printed");
  return row;
}

std::vector<FormulaBlock> read_formula_blocks(std::string_view latex) { return Reader(latex).blocks(); }

}  // namespace gradc
