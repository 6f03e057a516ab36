// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "grammar/token.h"

#include <bitset>
#include <initializer_list>

namespace gradc::grammar {
namespace {

using T = Parser::token;

class KindSet {
 public:
  KindSet(std::initializer_list<TokenKind> kinds) {
    for (TokenKind kind : kinds) bits_.set(static_cast<std::size_t>(kind));
  }
  bool holds(TokenKind kind) const { return bits_.test(static_cast<std::size_t>(kind)); }

 private:
  std::bitset<512> bits_;
};

const KindSet heads = {T::TOK_DIM,    T::TOK_SEQ,       T::TOK_INPUT,    T::TOK_TARGET,
                       T::TOK_CONST,  T::TOK_PARAM,     T::TOK_NOISE,    T::TOK_USE,
                       T::TOK_DERIV,  T::TOK_UNCHECKED, T::TOK_MINIMIZE, T::TOK_PENALTY,
                       T::TOK_METRIC, T::TOK_CHECK,     T::TOK_CLAIM,    T::TOK_TRAIN};

const KindSet operators = {T::TOK_PLUS,  T::TOK_MINUS, T::TOK_STAR,  T::TOK_SLASH,  T::TOK_AT,   T::TOK_CARET,
                           T::TOK_EQ,    T::TOK_NE,    T::TOK_LT,    T::TOK_LE,     T::TOK_GT,   T::TOK_GE,
                           T::TOK_TILDE, T::TOK_DOTS,  T::TOK_COMMA, T::TOK_DEFINE, T::TOK_COLON};

const KindSet open_words = {T::TOK_IF,  T::TOK_THEN,  T::TOK_ELSE,    T::TOK_AND,     T::TOK_OR,
                            T::TOK_NOT, T::TOK_IN,    T::TOK_INIT,    T::TOK_ITERATE, T::TOK_IMPLICIT,
                            T::TOK_TO,  T::TOK_UNTIL, T::TOK_AT_MOST, T::TOK_WHERE,   T::TOK_FOR};

const KindSet inner_words = {T::TOK_THEN, T::TOK_ELSE,  T::TOK_AND,     T::TOK_OR,    T::TOK_IN, T::TOK_INIT,
                             T::TOK_TO,   T::TOK_UNTIL, T::TOK_AT_MOST, T::TOK_WHERE, T::TOK_FOR};

const KindSet operand_ends = {T::TOK_NAME,     T::TOK_NUMBER, T::TOK_PRIMES,     T::TOK_RPAREN,
                              T::TOK_RBRACKET, T::TOK_STRING, T::TOK_PLACEHOLDER};

}  // namespace

bool is_head(TokenKind kind) { return heads.holds(kind); }
bool needs_more(TokenKind kind) { return operators.holds(kind) || open_words.holds(kind); }
bool cannot_start(TokenKind kind) { return operators.holds(kind) || inner_words.holds(kind); }
bool ends_operand(TokenKind kind) { return operand_ends.holds(kind); }

}  // namespace gradc::grammar
