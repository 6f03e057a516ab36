// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/latex_name.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace gradc {
namespace {

struct Greek {
  std::string_view word;
  char32_t letter;
  std::string_view latex;
};
// Capitals that look Latin have no command of their own.
constexpr Greek greek[] = {
    {"alpha", U'α', "\\alpha"},
    {"beta", U'β', "\\beta"},
    {"gamma", U'γ', "\\gamma"},
    {"delta", U'δ', "\\delta"},
    {"epsilon", U'ε', "\\varepsilon"},
    {"zeta", U'ζ', "\\zeta"},
    {"eta", U'η', "\\eta"},
    {"theta", U'θ', "\\theta"},
    {"iota", U'ι', "\\iota"},
    {"kappa", U'κ', "\\kappa"},
    {"lambda", U'λ', "\\lambda"},
    {"mu", U'μ', "\\mu"},
    {"nu", U'ν', "\\nu"},
    {"xi", U'ξ', "\\xi"},
    {"omicron", U'ο', "o"},
    {"pi", U'π', "\\pi"},
    {"rho", U'ρ', "\\rho"},
    {"sigma", U'σ', "\\sigma"},
    {"tau", U'τ', "\\tau"},
    {"upsilon", U'υ', "\\upsilon"},
    {"phi", U'φ', "\\varphi"},
    {"chi", U'χ', "\\chi"},
    {"psi", U'ψ', "\\psi"},
    {"omega", U'ω', "\\omega"},
    {"Gamma", U'Γ', "\\Gamma"},
    {"Delta", U'Δ', "\\Delta"},
    {"Theta", U'Θ', "\\Theta"},
    {"Lambda", U'Λ', "\\Lambda"},
    {"Xi", U'Ξ', "\\Xi"},
    {"Pi", U'Π', "\\Pi"},
    {"Sigma", U'Σ', "\\Sigma"},
    {"Upsilon", U'Υ', "\\Upsilon"},
    {"Phi", U'Φ', "\\Phi"},
    {"Psi", U'Ψ', "\\Psi"},
    {"Omega", U'Ω', "\\Omega"},
    {"", U'ς', "\\varsigma"},
    {"", U'ϵ', "\\epsilon"},
    {"", U'ϑ', "\\vartheta"},
    {"", U'ϕ', "\\phi"},
    {"", U'ϖ', "\\varpi"},
    {"", U'ϱ', "\\varrho"},
    {"", U'µ', "\\mu"},
    {"", U'ℓ', "\\ell"},
    {"", U'ı', "\\imath"},
    {"", U'ȷ', "\\jmath"},
};

constexpr std::pair<std::string_view, std::string_view> accents_by_word[] = {
    {"hat", "\\hat"}, {"bar", "\\bar"}, {"tilde", "\\tilde"}, {"dot", "\\dot"}, {"vec", "\\vec"}};

constexpr std::pair<char32_t, std::string_view> accents_by_mark[] = {
    {0x300, "\\grave"}, {0x301, "\\acute"}, {0x302, "\\hat"},  {0x303, "\\tilde"},    {0x304, "\\bar"},
    {0x306, "\\breve"}, {0x307, "\\dot"},   {0x308, "\\ddot"}, {0x30A, "\\mathring"}, {0x30C, "\\check"},
};

bool is_letter(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }

std::u32string decode(std::string_view text) {
  std::u32string points;
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  for (utf8proc_ssize_t left = static_cast<utf8proc_ssize_t>(text.size()); left > 0;) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t used = utf8proc_iterate(at, left, &point);
    points += used > 0 ? static_cast<char32_t>(point) : U'\uFFFD';
    at += std::max<utf8proc_ssize_t>(used, 1);
    left -= std::max<utf8proc_ssize_t>(used, 1);
  }
  return points;
}

std::string encode(char32_t point) {
  std::array<utf8proc_uint8_t, 4> bytes;
  const auto size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(point), bytes.data());
  return {bytes.begin(), bytes.begin() + size};
}

// One letter, where TeX has it: a, θ, é; none: spell it out.
std::optional<std::string> symbol(char32_t c) {
  if (is_letter(c)) return std::string(1, static_cast<char>(c));
  for (const Greek& g : greek)
    if (g.letter == c) return std::string(g.latex);
  std::array<utf8proc_int32_t, 8> parts;
  int boundary = 0;
  const utf8proc_ssize_t count = utf8proc_decompose_char(static_cast<utf8proc_int32_t>(c), parts.data(),
                                                         parts.size(), UTF8PROC_DECOMPOSE, &boundary);
  if (count == 2 && is_letter(static_cast<char32_t>(parts[0])))
    for (const auto& [mark, command] : accents_by_mark)
      if (static_cast<char32_t>(parts[1]) == mark)
        return std::string(command) + "{" + static_cast<char>(parts[0]) + "}";
  return std::nullopt;
}

// Letters, digits and dots as they are; the rest by its number in Unicode.
std::string spelled_out(std::u32string_view word) {
  std::string out;
  for (char32_t c : word) {
    if (is_letter(c) || is_digit(c) || c == U'.')
      append_latex(out, std::string(1, static_cast<char>(c)));
    else if (c == U'_')
      out += "\\_";
    else if (const auto s = symbol(c))
      append_latex(out, *s);
    else {
      static constexpr char digits[] = "0123456789ABCDEF";
      out += "u";
      for (int shift = c > 0xFFFF ? 20 : 12; shift >= 0; shift -= 4) out += digits[(c >> shift) & 15];
    }
  }
  return out;
}

std::optional<std::string> greek_word(std::u32string_view word) {
  for (const Greek& g : greek)
    if (!g.word.empty() && std::ranges::equal(word, g.word)) return std::string(g.latex);
  return std::nullopt;
}

// A word without digits and underscores that is one letter on paper: x, theta, θ, xhat.
std::optional<std::string> one_letter(std::u32string_view word) {
  if (word.size() == 1) return symbol(word[0]);
  if (auto g = greek_word(word)) return g;
  for (const auto& [suffix, command] : accents_by_word) {
    if (word.size() <= suffix.size() || !std::ranges::equal(word.substr(word.size() - suffix.size()), suffix))
      continue;
    const std::u32string_view stem = word.substr(0, word.size() - suffix.size());
    const auto letter = stem.size() == 1 ? symbol(stem[0]) : greek_word(stem);
    if (letter) return std::string(command) + "{" + *letter + "}";
  }
  return std::nullopt;
}

std::string in_subscript(std::u32string_view word) {
  if (std::ranges::all_of(word, is_digit)) return spelled_out(word);
  if (const auto letter = one_letter(word)) return *letter;
  return "\\mathrm{" + spelled_out(word) + "}";
}

}  // namespace

std::string LatexName::whole() const { return subscript.empty() ? base : base + "_{" + subscript + "}"; }

LatexName latex_name(std::string_view name) {
  const std::u32string points = decode(name);
  std::vector<std::u32string_view> words;
  for (std::u32string_view rest = points;;) {
    const std::size_t end = rest.find(U'_');
    words.push_back(rest.substr(0, end));
    if (end == rest.npos) break;
    rest.remove_prefix(end + 1);
  }
  // A leading, trailing or doubled underscore means nothing on paper, and dropping it would make names equal.
  if (std::ranges::any_of(words, [](std::u32string_view w) { return w.empty(); }))
    return {"\\mathrm{" + spelled_out(points) + "}", "", false};

  std::u32string_view stem = words[0], number;
  std::size_t digits = 0;
  while (digits < stem.size() && is_digit(stem[stem.size() - 1 - digits])) ++digits;
  if (digits < stem.size()) {
    number = stem.substr(stem.size() - digits);
    stem = stem.substr(0, stem.size() - digits);
  }
  LatexName result;
  // The accent may stand at the end as well: y_hat.
  if (words.size() == 2 && number.empty())
    if (const auto accented = one_letter(std::u32string(stem) + std::u32string(words[1]));
        accented && one_letter(stem))
      return {*accented, "", true};
  if (const auto letter = one_letter(stem)) {
    result = {*letter, "", true};
  } else {
    result.base = "\\mathrm{" + spelled_out(stem) + "}";
  }
  result.subscript = std::string(number.begin(), number.end());
  for (std::size_t k = 1; k < words.size(); ++k) {
    if (!result.subscript.empty()) result.subscript += ",";
    append_latex(result.subscript, in_subscript(words[k]));
  }
  return result;
}

std::string letter_of_command(std::string_view command) {
  for (const Greek& g : greek)
    if (g.latex.starts_with('\\') && g.latex.substr(1) == command) return encode(g.letter);
  return "";
}

std::string latex_text(std::string_view text) {
  std::string out;
  for (char32_t c : decode(text)) {
    if (is_letter(c) || is_digit(c) ||
        std::u32string_view(U" .,:;()[]=+-*/'\"!?").find(c) != std::u32string_view::npos)
      out += static_cast<char>(c);
    else if (c == U'_' || c == U'&' || c == U'%' || c == U'#' || c == U'$' || c == U'{' || c == U'}')
      out += std::string("\\") + static_cast<char>(c);
    else if (c == U'^')
      out += "\\textasciicircum{}";
    else if (c == U'~')
      out += "\\textasciitilde{}";
    else if (c == U'<' || c == U'>' || c == U'|')
      out += std::string("$") + static_cast<char>(c) + "$";
    else if (const auto s = symbol(c))
      out += "$" + *s + "$";
    else
      out += spelled_out(std::u32string_view(&c, 1));
  }
  return out;
}

void append_latex(std::string& out, std::string_view piece) {
  if (!piece.empty() && is_letter(static_cast<unsigned char>(piece[0]))) {
    std::size_t letters = 0;
    while (letters < out.size() && is_letter(static_cast<unsigned char>(out[out.size() - 1 - letters])))
      ++letters;
    if (letters > 0 && letters < out.size() && out[out.size() - 1 - letters] == '\\') out += ' ';
  }
  out += piece;
}

}  // namespace gradc
