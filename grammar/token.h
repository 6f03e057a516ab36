// A token, and what the token stream knows of its kind. The kinds are Bison's, from the list in gradc.yy.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

#include "grammar/parser.h"

namespace gradc::grammar {

using TokenKind = Parser::token::token_kind_type;

struct Token {
  TokenKind kind;
  bool first_on_line = false;
  bool after_blank_line = false;  // a line without even a comment stands before it
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::int32_t payload = -1;  // the TextId of a name, number or string; the count of primes
};

bool is_head(TokenKind kind);       // starts a statement wherever it stands first on its line
bool needs_more(TokenKind kind);    // a line that ends with it goes on in the next one
bool cannot_start(TokenKind kind);  // a line that starts with it continues the one before
bool ends_operand(TokenKind kind);  // an operand may end with it

}  // namespace gradc::grammar
