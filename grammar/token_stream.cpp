// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "grammar/token_stream.h"

#include <algorithm>

namespace gradc::grammar {

using T = Parser::token;
using Symbol = Parser::symbol_type;
using syntax::Spelled;
using syntax::TextId;

bool TokenStream::line_ends_before(const Token& token) const {
  if (!token.first_on_line || fresh_) return false;
  if (is_head(token.kind) || token.kind == T::TOK_EOF) return true;
  if (!open_.empty() && tokens_[open_.back()].kind != T::TOK_LBRACE) return false;
  if (token.after_blank_line) return true;
  return !needs_more(tokens_[at_ - 1].kind) && !cannot_start(token.kind);
}

// Right behind the last token of the line.
Symbol TokenStream::end_line() {
  const std::uint32_t end = at_ == 0 ? 0 : tokens_[at_ - 1].end;
  fresh_ = ended_line_ = true;
  return Symbol(T::TOK_NL, {file_, end, end});
}

// A head word or the end of the file inside `train { }`: the brace was forgotten.
std::optional<Symbol> TokenStream::close_train() {
  const Token& brace = tokens_[open_[0]];
  reports_.add(DiagnosticCode::E102, range(brace), "`{` is never closed",
               "close the settings with `}` on a line of its own");
  open_.clear();
  fresh_ = ended_line_ = false;
  return Symbol(T::TOK_RBRACE, {file_, tokens_[at_ - 1].end, tokens_[at_ - 1].end});
}

void TokenStream::close(TokenKind opening) {
  if (!open_.empty() && tokens_[open_.back()].kind == opening) open_.pop_back();
}

Symbol TokenStream::next() {
  if (recovering_) {
    recovering_ = false;
    if (!ended_line_) return end_line();
  }
  for (;;) {
    const Token& token = tokens_[at_];
    const bool starts_statement = (token.first_on_line && is_head(token.kind)) || token.kind == T::TOK_EOF;
    if (line_ends_before(token)) {
      if (starts_statement) {
        if (!open_.empty()) forgotten_ = open_.back();
        open_.resize(in_train() ? 1 : 0);
      }
      return end_line();
    }
    if (starts_statement && in_train()) return *close_train();
    if (token.kind == T::TOK_RBRACE && in_train() && !fresh_) return end_line();
    if (token.kind == T::TOK_EOF) {
      ended_line_ = false;
      return Symbol(T::TOK_EOF, range(token));
    }
    const bool in_brackets = !open_.empty() && tokens_[open_.back()].kind != T::TOK_LBRACE;
    const bool separates =
        !in_brackets && (token.kind == T::TOK_NL || (token.kind == T::TOK_COMMA && in_train()));
    if (separates) {
      ++at_;
      if (!fresh_) return end_line();
      continue;
    }
    if (fresh_) statement_begin_ = at_, forgotten_.reset();
    fresh_ = ended_line_ = false;
    const std::size_t index = at_++;
    const Spelled spelled{TextId{token.payload}, range(token)};
    switch (static_cast<int>(token.kind)) {
      case T::TOK_LPAREN:
      case T::TOK_LBRACKET: open_.push_back(index); break;
      case T::TOK_LBRACE:
        if (index == 0 || tokens_[index - 1].kind != T::TOK_TRAIN) break;
        open_.push_back(index);
        fresh_ = true;
        return Symbol(token.kind, range(token));
      case T::TOK_RPAREN: close(T::TOK_LPAREN); break;
      case T::TOK_RBRACKET: close(T::TOK_LBRACKET); break;
      case T::TOK_RBRACE: close(T::TOK_LBRACE); break;
      case T::TOK_NL: return Symbol(T::TOK_COMMA, range(token));  // `;` between rows
      case T::TOK_NAME:
      case T::TOK_NUMBER:
      case T::TOK_STRING: return Symbol(token.kind, spelled, range(token));
      case T::TOK_PRIMES: return Symbol(token.kind, static_cast<std::uint32_t>(token.payload), range(token));
      default: break;  // kinds without a value
    }
    return Symbol(token.kind, range(token));
  }
}

std::uint32_t TokenStream::indent(const Token& token) const {
  return token.begin - source_.line_begin(source_.place(token.begin).line);
}

bool TokenStream::may_resume_at(std::size_t index, std::uint32_t indent_limit) const {
  const Token& token = tokens_[index];
  if (token.kind == T::TOK_EOF) return true;
  if (in_train() && token.kind == T::TOK_RBRACE) return true;
  if (!token.first_on_line) return false;
  if (is_head(token.kind)) return true;
  if (in_train()) return token.kind == T::TOK_NAME;
  const bool closes =
      token.kind == T::TOK_RPAREN || token.kind == T::TOK_RBRACKET || token.kind == T::TOK_RBRACE;
  return !closes && (token.after_blank_line || !cannot_start(token.kind)) && indent(token) <= indent_limit;
}

void TokenStream::recover() {
  const std::uint32_t limit = indent(tokens_[statement_begin_]);
  std::size_t index = wrong();
  // A definition's `=` inside a bracket that an earlier line left open: its own line is the next statement.
  if (tokens_[index].kind == T::TOK_DEFINE)
    while (index > statement_begin_ && !tokens_[index].first_on_line) --index;
  if (index <= statement_begin_) index = std::max(wrong(), statement_begin_ + 1);
  while (!may_resume_at(index, limit)) ++index;
  at_ = index;
  open_.resize(in_train() ? 1 : 0);
  fresh_ = recovering_ = true;
}

void TokenStream::nested_too_deep() {
  const Token& token = tokens_[at_ - 1];
  reports_.add(DiagnosticCode::E116, range(token), "the model nests too deep",
               "name a part of it by an equation of its own");
  at_ = tokens_.size() - 1;
  open_.clear();
  gave_up_ = true;
}

const Token* TokenStream::unclosed() const {
  if (forgotten_) return &tokens_[*forgotten_];
  return open_.empty() ? nullptr : &tokens_[open_.back()];
}

}  // namespace gradc::grammar
