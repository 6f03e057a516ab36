// What the parser reads: the tokens, with an NL wherever a statement ends, and the way back after a mistake.
//
// A line end closes the statement, unless a bracket is open, or the line ends with a token that needs more,
// or the next line starts with one that cannot start a statement; the last two do not cross a blank line. A
// head word that stands first on its line starts a statement in any case. Inside `train { }` the same rule
// separates settings, and so does a comma. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <optional>
#include <vector>

#include "compiler/support/source.h"
#include "grammar/reports.h"
#include "grammar/token.h"

namespace gradc::grammar {

class TokenStream {
 public:
  TokenStream(const Source& source, std::uint32_t file, std::vector<Token> tokens, Reports& reports)
      : source_(source), file_(file), tokens_(std::move(tokens)), reports_(reports) {}

  Parser::symbol_type next();

  // After a mistake: the next token will be the end of the broken statement, and then comes the next line
  // that is indented no deeper than it and does not continue another. Open brackets are forgotten.
  void recover();

  // The model nests too deep to go on: what follows is the end of the file.
  void nested_too_deep();

  // ---- what a message wants to know of the place of a mistake ----
  const std::vector<Token>& all() const { return tokens_; }
  std::size_t statement_begin() const { return statement_begin_; }  // index of the statement's first token
  std::size_t wrong() const {
    return ended_line_ ? at_ : at_ - 1;
  }  // index of the token that was not accepted, or stands behind the NL that was not
  bool at_line_end() const { return ended_line_; }
  const Token* before() const { return wrong() > 0 ? &tokens_[wrong() - 1] : nullptr; }
  const Token* unclosed() const;  // the innermost open bracket, also right after a head word closed them all
  bool gave_up() const { return gave_up_; }
  bool in_train() const { return !open_.empty() && tokens_[open_[0]].kind == Parser::token::TOK_LBRACE; }
  std::string_view text(const Token& token) const { return source_.slice(range(token)); }
  SourceRange range(const Token& token) const { return {file_, token.begin, token.end}; }

 private:
  bool line_ends_before(const Token& token) const;
  Parser::symbol_type end_line();
  std::optional<Parser::symbol_type> close_train();
  bool may_resume_at(std::size_t index, std::uint32_t indent) const;
  std::uint32_t indent(const Token& token) const;
  void close(TokenKind opening);

  const Source& source_;
  std::uint32_t file_;
  std::vector<Token> tokens_;
  Reports& reports_;

  std::size_t at_ = 0;  // the next token
  std::size_t statement_begin_ = 0;
  bool fresh_ = true;        // nothing of a statement has been handed out
  bool ended_line_ = false;  // the last token handed out was an NL
  bool recovering_ = false;
  bool gave_up_ = false;
  std::vector<std::size_t> open_;  // brackets, outermost first
  std::optional<std::size_t> forgotten_;
};

}  // namespace gradc::grammar
