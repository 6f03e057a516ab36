// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/dump_lexer.h"

#include "compiler/render/dump_syntax.h"

namespace gradc {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The end of a number that begins at `i`: 12, 0.5, 1e-5, 1/2 (but 0..<10 ends behind 0).
std::size_t number_end(std::string_view text, std::size_t i) {
  const auto digits = [&] {
    while (i < text.size() && is_digit(text[i])) ++i;
  };
  const auto digit_at = [&](std::size_t k) { return k < text.size() && is_digit(text[k]); };
  digits();
  if (i < text.size() && text[i] == '.' && digit_at(i + 1)) ++i, digits();
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    const std::size_t sign = i + 1 < text.size() && (text[i + 1] == '-' || text[i + 1] == '+') ? 1 : 0;
    if (digit_at(i + 1 + sign)) i += 1 + sign, digits();
  }
  if (i < text.size() && text[i] == '/' && digit_at(i + 1)) ++i, digits();
  return i;
}

std::size_t symbol_length(std::string_view rest) {
  for (std::string_view symbol : {"..<", "==", "!=", "<=", ">=", ":="})
    if (rest.starts_with(symbol)) return symbol.size();
  return 1;
}

}  // namespace

std::vector<DumpToken> lex_dump(const Source& source) {
  using Kind = DumpToken::Kind;
  const std::string_view text = source.text();
  std::vector<DumpToken> tokens;
  const auto add = [&](Kind kind, std::size_t begin, std::size_t end, std::string word, bool quoted = false) {
    tokens.push_back({kind,
                      std::move(word),
                      {0, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)},
                      quoted,
                      end < text.size() && is_digit(text[end])});
  };
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t begin = i;
    const char c = text[i];
    if (c == '\n') {
      ++i;
      if (i >= text.size() || (text[i] != ' ' && text[i] != '\t')) add(Kind::line_end, begin, i, "");
    } else if (c == ' ' || c == '\t' || c == '\r') {
      ++i;
    } else if (c == '#' && i + 1 < text.size() && text[i + 1] == ' ') {
      while (i < text.size() && text[i] != '\n') ++i;
      add(Kind::comment, begin, i, std::string(text.substr(begin + 2, i - begin - 2)));
    } else if (c == '`') {
      for (++i; i < text.size() && text[i] != '`' && text[i] != '\n';) ++i;
      add(Kind::name, begin, i + 1, std::string(text.substr(begin + 1, i - begin - 1)), true);
      if (i < text.size() && text[i] == '`') ++i;
    } else if (is_digit(c)) {
      i = number_end(text, i);
      add(Kind::number, begin, i, std::string(text.substr(begin, i - begin)));
    } else if ((is_name_byte(c) && c != '.' && c != '\'') || c == '$') {
      for (++i; i < text.size() && is_name_byte(text[i]) && !text.substr(i).starts_with("..");) ++i;
      add(Kind::name, begin, i, std::string(text.substr(begin, i - begin)));
    } else {
      i += symbol_length(text.substr(i));
      add(Kind::symbol, begin, i, std::string(text.substr(begin, i - begin)));
    }
  }
  add(Kind::line_end, text.size(), text.size(), "");
  // Of the comments, only the one that ends a statement means something: the rule that made it.
  std::vector<DumpToken> kept;
  for (std::size_t k = 0; k < tokens.size(); ++k)
    if (tokens[k].kind != Kind::comment ||
        (tokens[k + 1].kind == Kind::line_end && !kept.empty() && kept.back().kind != Kind::line_end))
      kept.push_back(std::move(tokens[k]));
  tokens = std::move(kept);
  add(Kind::end, text.size(), text.size(), "");
  return tokens;
}

}  // namespace gradc
