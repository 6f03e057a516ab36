// A mistake of syntax with all that its message may want to know; and those who can say something of it. Each
// returns nothing if the case is not its own.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/support/diagnostic.h"
#include "grammar/token_stream.h"

namespace gradc::grammar {

struct Situation {
  const TokenStream& tokens;
  SourceRange at;
  std::string_view found;  // as in gradc.yy
  const std::vector<std::string_view>& expected;

  bool expects(std::string_view what) const {
    return std::find(expected.begin(), expected.end(), what) != expected.end();
  }
  bool expects_operand() const { return expects("a number"); }
  bool expects_operator() const { return expects("+") || expects("*"); }
  bool line_ended() const { return tokens.at_line_end(); }
  const Token& wrong() const { return tokens.all()[tokens.wrong()]; }
  const Token* before() const { return tokens.before(); }
  bool before_is(TokenKind kind) const { return before() && before()->kind == kind; }
  std::string_view text(const Token& token) const { return tokens.text(token); }
  bool first_of_statement() const { return !line_ended() && tokens.wrong() == tokens.statement_begin(); }
  std::string what() const {
    return line_ended() ? "the line ends here" : fmt::format("`{}`", text(wrong()));
  }

  Diagnostic say(DiagnosticCode code, std::string message, std::string help) const {
    return {code, std::move(message), {at, ""}, {}, std::move(help)};
  }
};

using Answer = std::optional<Diagnostic>;

inline bool starts_operand(TokenKind kind) {
  return kind == Parser::token::TOK_NAME || kind == Parser::token::TOK_NUMBER ||
         kind == Parser::token::TOK_LPAREN;
}

inline bool is_word(std::string_view text) { return !text.empty() && text[0] >= 'a' && text[0] <= 'z'; }

// mistake_brackets.cpp
Answer unclosed_bracket(const Situation& s);
Answer wrong_bracket(const Situation& s);
// mistake_statement.cpp
Answer no_statement(const Situation& s);
// mistake_expression.cpp
Answer lacks_part(const Situation& s);
Answer needs_parentheses(const Situation& s);
Answer missing_operator(const Situation& s);
Answer misplaced_sign(const Situation& s);

}  // namespace gradc::grammar
