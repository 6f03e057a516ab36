// Reads one expression of a dumped system: operator precedence parsing (Pratt 1973), nested to a stated
// depth. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "compiler/equations/system.h"
#include "compiler/render/dump_lexer.h"
#include "compiler/support/diagnostic.h"

namespace gradc {

// Where the reader stands, and what it has found wrong: the first mistake ends the reading.
class DumpCursor {
 public:
  explicit DumpCursor(std::vector<DumpToken> tokens) : tokens_(std::move(tokens)) {}

  const DumpToken& token() const { return tokens_[at_]; }
  const DumpToken& next() const { return tokens_[at_ + 1 < tokens_.size() ? at_ + 1 : at_]; }
  bool is(std::string_view text) const { return token().text == text && is_word(token()); }
  bool is_name() const { return token().kind == DumpToken::Kind::name; }
  DumpToken take();
  bool accept(std::string_view text);
  void expect(std::string_view text);
  std::string name(std::string_view what);

  void fail(std::string message);
  bool failed() const { return error_.has_value(); }
  const Diagnostic& error() const { return *error_; }

  std::size_t place() const { return at_; }
  void move_to(std::size_t place) { at_ = place; }

 private:
  static bool is_word(const DumpToken& t) {
    return t.kind == DumpToken::Kind::symbol || (t.kind == DumpToken::Kind::name && !t.quoted);
  }
  std::vector<DumpToken> tokens_;
  std::size_t at_ = 0;
  std::optional<Diagnostic> error_;
};

struct DumpScope {
  std::unordered_map<std::string, DimId> dims;
  std::unordered_map<std::string, TensorId> tensors;
  std::vector<std::pair<std::string, Index>> indices;  // innermost last
  std::unordered_map<std::string, Expr> terms;         // $1, …
};

// Null after a mistake. The literals of an untyped term are integers unless they have a point.
Expr read_term(Context& context, DumpCursor& cursor, DumpScope& scope, std::optional<Type> type);

}  // namespace gradc
