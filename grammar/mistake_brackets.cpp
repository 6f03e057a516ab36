// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "grammar/situation.h"

namespace gradc::grammar {

using T = Parser::token;

// Has a line begun between the token and the mistake?
static bool first_on_line_since(const Situation& s, const Token& token) {
  for (std::size_t i = s.tokens.wrong(); s.tokens.all()[i].begin > token.begin; --i)
    if (s.tokens.all()[i].first_on_line) return true;
  return false;
}

// Whether the mistake begins a line that defines something: `y[i] = …`, `f(x) = …`.
static bool begins_definition(const Situation& s) {
  if (s.line_ended() || !s.wrong().first_on_line || s.wrong().kind != T::TOK_NAME) return false;
  const std::vector<Token>& all = s.tokens.all();
  int depth = 0;
  for (std::size_t i = s.tokens.wrong() + 1; i < all.size() && !all[i].first_on_line; ++i) {
    const TokenKind kind = all[i].kind;
    if (kind == T::TOK_DEFINE && depth == 0) return true;
    if (kind == T::TOK_LPAREN || kind == T::TOK_LBRACKET) ++depth;
    if (kind == T::TOK_RPAREN || kind == T::TOK_RBRACKET) --depth;
  }
  return false;
}

Answer unclosed_bracket(const Situation& s) {
  const Token* open = s.tokens.unclosed();
  if (!open || open->kind == T::TOK_LBRACE) return {};
  const std::vector<Token>& all = s.tokens.all();
  const bool next_statement =
      s.line_ended() || begins_definition(s) ||
      (s.wrong().kind == T::TOK_DEFINE &&
       (open == &all[s.tokens.statement_begin() + 1] || first_on_line_since(s, *open)));
  if (!next_statement) return {};
  Diagnostic error{DiagnosticCode::E102,
                   fmt::format("`{}` is never closed", s.text(*open)),
                   {s.tokens.range(*open), ""},
                   {},
                   fmt::format("a `{}` is missing", open->kind == T::TOK_LPAREN ? ")" : "]")};
  error.notes.push_back({s.at, s.line_ended() ? "it is still open at the end of this line"
                                              : "here the next statement has begun"});
  return error;
}

Answer wrong_bracket(const Situation& s) {
  if (s.line_ended()) return {};
  const TokenKind kind = s.wrong().kind;
  if (kind != T::TOK_RPAREN && kind != T::TOK_RBRACKET && kind != T::TOK_RBRACE) return {};
  const std::string_view closing = s.text(s.wrong());
  const std::string_view opening = kind == T::TOK_RPAREN ? "(" : kind == T::TOK_RBRACKET ? "[" : "{";
  const Token* open = s.tokens.unclosed();
  if (s.expects_operand() && open) return {};  // `f(x + )`: something else is missing
  if (open && open->kind != T::TOK_LBRACE && !s.expects(closing)) {
    Diagnostic error =
        s.say(DiagnosticCode::E103, fmt::format("`{}` cannot close `{}`", closing, s.text(*open)),
              "brackets close in the order opposite to that in which they open");
    error.notes.push_back({s.tokens.range(*open), "this one is open"});
    return error;
  }
  // Was it opened in this statement? Then it is closed in its place, and what stands inside is incomplete.
  int depth = 0;
  for (std::size_t i = s.tokens.statement_begin(); i < s.tokens.wrong(); ++i) {
    if (s.text(s.tokens.all()[i]) == opening) ++depth;
    if (s.text(s.tokens.all()[i]) == closing) --depth;
  }
  if (depth > 0) return {};
  return s.say(DiagnosticCode::E103, fmt::format("`{}` closes nothing", closing),
               fmt::format("remove it, or open the bracket with `{}`", opening));
}

}  // namespace gradc::grammar
