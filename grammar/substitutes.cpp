// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "grammar/substitutes.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace gradc::grammar {
namespace {

using T = Parser::token;
constexpr bool blank = true;

constexpr Substitute look_alikes[] = {
    {"−", T::TOK_MINUS, "write `-`"},
    {"–", T::TOK_MINUS, "write `-`"},
    {"—", T::TOK_MINUS, "write `-`"},
    {"‐", T::TOK_MINUS, "write `-`"},
    {"‑", T::TOK_MINUS, "write `-`"},
    {"×", T::TOK_STAR, "write `*`"},
    {"·", T::TOK_STAR, "write `*`"},
    {"⋅", T::TOK_STAR, "write `*`"},
    {"∙", T::TOK_STAR, "write `*`"},
    {"∗", T::TOK_STAR, "write `*`"},
    {"•", T::TOK_STAR, "write `*`"},
    {"⊙", T::TOK_STAR, "write `*`, which multiplies element by element"},
    {"∘", T::TOK_STAR, "write `*`, which multiplies element by element"},
    {"÷", T::TOK_SLASH, "write `/`"},
    {"∕", T::TOK_SLASH, "write `/`"},
    {"⁄", T::TOK_SLASH, "write `/`"},
    {"≤", T::TOK_LE, "write `<=`"},
    {"⩽", T::TOK_LE, "write `<=`"},
    {"≥", T::TOK_GE, "write `>=`"},
    {"⩾", T::TOK_GE, "write `>=`"},
    {"≠", T::TOK_NE, "write `!=`"},
    {"≡", T::TOK_EQ, "write `==`"},
    {"∧", T::TOK_AND, "write `and`"},
    {"∨", T::TOK_OR, "write `or`"},
    {"¬", T::TOK_NOT, "write `not`"},
    {"∈", T::TOK_IN, "write `in`"},
    {"∼", T::TOK_TILDE, "write `~`"},
    {"≔", T::TOK_DEFINE, "write `=`"},
    {"←", T::TOK_DEFINE, "write `=`; every name has one definition, there is no assignment"},
    {"…", T::TOK_DOTS, "write `..`"},
    {"′", T::TOK_PRIMES, "write `'`"},
    {"’", T::TOK_PRIMES, "write `'`"},
    {"‘", T::TOK_PRIMES, "write `'`"},
    {"´", T::TOK_PRIMES, "write `'`"},
    {"ᵀ", T::TOK_PRIMES, "write `'` for the transpose"},
    {"⊤", T::TOK_PRIMES, "write `'` for the transpose"},
    {"∑", T::TOK_NAME, "write `sum(i) …`", "sum"},
    {"∏", T::TOK_NAME, "write `prod(i) …`", "prod"},
    {"√", T::TOK_NAME, "write `sqrt(…)`", "sqrt"},
    {"∂", T::TOK_REFUSED, "write `diff(E, w)` for ∂E/∂w"},
    {"∇", T::TOK_REFUSED, "write `diff(E, w)` for ∇E with respect to w"},
    {"∫", T::TOK_REFUSED, "gradc has no integral; write a sum over points"},
    {"∞", T::TOK_REFUSED, "infinity cannot be written"},
    {"“", T::TOK_REFUSED, "write strings with straight quotes: \"…\""},
    {"”", T::TOK_REFUSED, "write strings with straight quotes: \"…\""},
    {"„", T::TOK_REFUSED, "write strings with straight quotes: \"…\""},
    {"\u00A0", T::TOK_REFUSED, "write an ordinary blank for this no-break space", "", blank},
    {"\u2002", T::TOK_REFUSED, "write an ordinary blank", "", blank},
    {"\u2003", T::TOK_REFUSED, "write an ordinary blank", "", blank},
    {"\u2009", T::TOK_REFUSED, "write an ordinary blank", "", blank},
    {"\u202F", T::TOK_REFUSED, "write an ordinary blank", "", blank},
    {"\u3000", T::TOK_REFUSED, "write an ordinary blank", "", blank},
    {"\u200B", T::TOK_REFUSED, "remove this invisible character", "", blank},
    {"\u2060", T::TOK_REFUSED, "remove this invisible character", "", blank},
    {"\uFEFF", T::TOK_REFUSED, "remove this invisible character", "", blank},
    {"（", T::TOK_LPAREN, "write `(`"},
    {"）", T::TOK_RPAREN, "write `)`"},
    {"，", T::TOK_COMMA, "write `,`"},
    {"＝", T::TOK_DEFINE, "write `=`"},
    {"＋", T::TOK_PLUS, "write `+`"},
    {"－", T::TOK_MINUS, "write `-`"},
    {"＊", T::TOK_STAR, "write `*`"},
    {"／", T::TOK_SLASH, "write `/`"},
};

constexpr std::string_view no_assignment =
    "every name has one definition, nothing is updated: write `=` and a new name";
constexpr std::string_view elementwise = "write it without the point: it works element by element";

constexpr Substitute foreign[] = {
    {"**", T::TOK_CARET, "write `^` for a power"},
    {"&&", T::TOK_AND, "write `and`"},
    {"||", T::TOK_OR, "write `or`"},
    {"&", T::TOK_AND, "write `and`"},
    {"|", T::TOK_OR, "write `or`; the absolute value is `abs(x)`"},
    {"!", T::TOK_NOT, "write `not`; a factorial is `exp(lgamma(n + 1))`"},
    {"===", T::TOK_EQ, "write `==`"},
    {"<>", T::TOK_NE, "write `!=`"},
    {"=<", T::TOK_LE, "write `<=`"},
    {"=>", T::TOK_GE, "write `>=`"},
    {";", T::TOK_NL, "a statement ends with its line"},
    {"+=", T::TOK_DEFINE, no_assignment},
    {"-=", T::TOK_DEFINE, no_assignment},
    {"*=", T::TOK_DEFINE, no_assignment},
    {"/=", T::TOK_DEFINE, no_assignment},
    {":=", T::TOK_DEFINE, "write `=`; every name has one definition"},
    {"<-", T::TOK_REFUSED, "write `=` to define; to compare with a negative number, `< -1`"},
    {"->", T::TOK_REFUSED, "there are no arrows; a function is defined as `f(x) = …`"},
    {"//", T::TOK_REFUSED, "a comment starts with `#`; a whole quotient is `div(a, b)`"},
    {"%", T::TOK_REFUSED, "a comment starts with `#`; a remainder is `mod(a, b)`"},
    {"?", T::TOK_REFUSED, "write `if … then … else …`"},
    {".*", T::TOK_STAR, elementwise},
    {"./", T::TOK_SLASH, elementwise},
    {".^", T::TOK_CARET, elementwise},
    {".T", T::TOK_PRIMES, "write `A'` for the transpose"},
    {".", T::TOK_REFUSED, "a point stands only inside a number"},
    {"\\", T::TOK_REFUSED,
     "a line goes on by itself inside brackets and after an operator; a linear system is `solve(A, b)`"},
};

template <std::size_t size>
const Substitute* find(const Substitute (&table)[size], std::string_view written) {
  const auto* found = std::find_if(std::begin(table), std::end(table),
                                   [&](const Substitute& s) { return s.written == written; });
  return found == std::end(table) ? nullptr : found;
}

}  // namespace

const Substitute* look_alike(std::string_view character) { return find(look_alikes, character); }
const Substitute* foreign_token(std::string_view written) { return find(foreign, written); }

}  // namespace gradc::grammar
