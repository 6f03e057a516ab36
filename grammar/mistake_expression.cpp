// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "grammar/situation.h"

#include <array>

#include "grammar/syntax.h"

namespace gradc::grammar {

using T = Parser::token;

// The innermost `if` or `iterate` that is not finished where the mistake is.
static const Token* open_construct(const Situation& s, TokenKind wanted) {
  std::vector<const Token*> open;
  const std::vector<Token>& all = s.tokens.all();
  for (std::size_t i = s.tokens.statement_begin(); i < s.tokens.wrong(); ++i) {
    switch (static_cast<int>(all[i].kind)) {
      case T::TOK_LPAREN:
      case T::TOK_LBRACKET:
      case T::TOK_IF:
      case T::TOK_ITERATE: open.push_back(&all[i]); break;
      case T::TOK_ELSE:
        while (!open.empty() && open.back()->kind != T::TOK_IF) open.pop_back();
        if (!open.empty()) open.pop_back();
        break;
      case T::TOK_RPAREN:
      case T::TOK_RBRACKET: {
        const TokenKind opening = all[i].kind == T::TOK_RPAREN ? T::TOK_LPAREN : T::TOK_LBRACKET;
        while (!open.empty() && open.back()->kind != opening) open.pop_back();
        if (!open.empty()) open.pop_back();
        break;
      }
      default: break;  // tokens that open and close nothing
    }
  }
  for (auto token = open.rbegin(); token != open.rend(); ++token)
    if ((*token)->kind == wanted) return *token;
  return nullptr;
}

// Does the word come later in the statement, inside the same bracket? Then it is not what is missing.
static bool comes_later(const Situation& s, TokenKind word) {
  const std::vector<Token>& all = s.tokens.all();
  int depth = 0;
  for (std::size_t i = s.tokens.wrong(); i < all.size() && depth >= 0; ++i) {
    if (all[i].first_on_line && !cannot_start(all[i].kind)) return false;
    if (all[i].kind == word && depth == 0) return true;
    if (all[i].kind == T::TOK_LPAREN || all[i].kind == T::TOK_LBRACKET) ++depth;
    if (all[i].kind == T::TOK_RPAREN || all[i].kind == T::TOK_RBRACKET) --depth;
  }
  return false;
}

Answer lacks_part(const Situation& s) {
  struct Part {
    std::string_view word;
    TokenKind kind;
    TokenKind construct;
    DiagnosticCode code;
    std::string_view form;
  };
  static const std::array<Part, 5> parts = {{
      {"then", T::TOK_THEN, T::TOK_IF, DiagnosticCode::E105, "if … then … else …"},
      {"else", T::TOK_ELSE, T::TOK_IF, DiagnosticCode::E105, "if … then … else …"},
      {"to", T::TOK_TO, T::TOK_ITERATE, DiagnosticCode::E106, "iterate s = s0 to … until … at most N"},
      {"until", T::TOK_UNTIL, T::TOK_ITERATE, DiagnosticCode::E106, "iterate s = s0 to … until … at most N"},
      {"at most", T::TOK_AT_MOST, T::TOK_ITERATE, DiagnosticCode::E106,
       "iterate s = s0 to … until … at most N"},
  }};
  if (s.before_is(T::TOK_ITERATE) && !s.line_ended())
    return s.say(DiagnosticCode::E106, fmt::format("`iterate` steps a variable, and {} is no name", s.what()),
                 fmt::format("its form is `{}`", parts[2].form));
  for (const Part& part : parts) {
    if (!s.expects(part.word) || (!s.line_ended() && comes_later(s, part.kind))) continue;
    const Token* construct = open_construct(s, part.construct);
    if (!construct) continue;
    Diagnostic error = s.say(part.code, fmt::format("this `{}` has no `{}`", s.text(*construct), part.word),
                             fmt::format("its form is `{}`", part.form));
    error.at.range = s.tokens.range(*construct);
    error.notes.push_back({s.at, fmt::format("`{}` is due here", part.word)});
    return error;
  }
  return {};
}

// Does the operand that ends before the mistake end with the bracket of a reduction, `sum(i)`?
static const Token* reduction_before(const Situation& s) {
  const std::vector<Token>& all = s.tokens.all();
  if (!s.before_is(T::TOK_RPAREN)) return nullptr;
  int depth = 0;
  for (std::size_t i = s.tokens.wrong(); i-- > s.tokens.statement_begin();) {
    if (all[i].kind == T::TOK_RPAREN) ++depth;
    if (all[i].kind == T::TOK_LPAREN && --depth == 0)
      return i > 0 && all[i - 1].kind == T::TOK_NAME && syntax::reduction_named(s.text(all[i - 1]))
                 ? &all[i - 1]
                 : nullptr;
  }
  return nullptr;
}

Answer needs_parentheses(const Situation& s) {
  if (s.line_ended() || !s.before()) return {};
  const TokenKind kind = s.wrong().kind;
  const bool construct = kind == T::TOK_IF || kind == T::TOK_ITERATE || kind == T::TOK_NOT;
  if (const Token* reduction = reduction_before(s)) {
    const std::string name(s.text(*reduction));
    if (kind == T::TOK_IF || kind == T::TOK_LBRACKET || kind == T::TOK_ITERATE)
      return s.say(DiagnosticCode::E107,
                   fmt::format("what `{}` reduces cannot start with {}", name, s.what()),
                   fmt::format("write `{}(…) ({} …)`", name, s.text(s.wrong())));
    if (starts_operand(kind)) {
      Diagnostic error =
          s.say(DiagnosticCode::E109, fmt::format("the reduction `{}(…) …` needs parentheses here", name),
                fmt::format("write `({}(…) …)`", name));
      error.at.range = s.tokens.range(*reduction);
      return error;
    }
  }
  if (construct && s.expects_operand())
    return s.say(DiagnosticCode::E109, fmt::format("{} needs parentheses as an operand", s.what()),
                 fmt::format("write `({} …)`", s.text(s.wrong())));
  return {};
}

Answer missing_operator(const Situation& s) {
  if (s.line_ended() || !s.before() || !s.expects_operator()) return {};
  if (!ends_operand(s.before()->kind) || !starts_operand(s.wrong().kind)) return {};
  const std::string_view before = s.text(*s.before()), wrong = s.text(s.wrong());
  std::string help = "a product is written with `*`";
  if (syntax::reduction_named(before))
    help = fmt::format("a reduction is written `{}(i) …`", before);
  else if (s.before()->kind == T::TOK_NAME && s.wrong().kind == T::TOK_NAME)
    help += fmt::format(", and a call `{}({})`", before, wrong);
  return s.say(DiagnosticCode::E104,
               fmt::format("an operator is missing between `{}` and `{}`", before, wrong), help);
}

Answer misplaced_sign(const Situation& s) {
  if (s.line_ended()) return {};
  const Token& wrong = s.wrong();
  const bool expression = s.expects_operand() || s.expects_operator();
  switch (static_cast<int>(wrong.kind)) {
    case T::TOK_DEFINE:
      if (s.before() && s.before()->first_on_line && s.tokens.wrong() > s.tokens.statement_begin() + 1) {
        Diagnostic error = s.say(DiagnosticCode::E101, "`=` cannot stand inside an expression",
                                 "a line that ends with an operator goes on in the next one");
        error.notes.push_back({s.tokens.range(s.tokens.all()[s.tokens.wrong() - 2]),
                               "the statement of this line has not ended"});
        return error;
      }
      if (s.expects("=="))
        return s.say(DiagnosticCode::E101, "`=` cannot stand inside an expression",
                     "`==` compares; a definition has its own line");
      return {};
    case T::TOK_TILDE:
      return s.say(DiagnosticCode::E101, "`~` stands only in a `noise` statement",
                   "write `noise eps ~ normal(0, 1)`");
    case T::TOK_LBRACE:
      return s.say(DiagnosticCode::E101, "braces stand only behind `train`",
                   "an array is `[1, 2, 3]`; parentheses are round");
    case T::TOK_STRING:
      return s.say(DiagnosticCode::E101, "a string cannot stand here",
                   "strings name columns of the data, files behind `use`, and settings");
    case T::TOK_PLACEHOLDER:
      return s.say(DiagnosticCode::E101, "`_` cannot stand here",
                   "it leaves open an argument of a function: `f(_, y)`; it is no name");
    case T::TOK_PLUS:
      if (s.expects_operand())
        return s.say(DiagnosticCode::E101, "`+` cannot stand before its operand", "leave it out");
      return {};
    case T::TOK_IN:
      if (expression)
        return s.say(DiagnosticCode::E101, "`in` cannot stand inside an expression",
                     "the range of an index is stated on the left, `y[i in D] = …`, in a reduction, `sum(i "
                     "in D) …`, or behind, `… for i in D`");
      return {};
    case T::TOK_UNCHECKED:
      return s.say(DiagnosticCode::E101, "`unchecked` stands in front", "write `unchecked deriv x: …`");
    case T::TOK_COLON:
      if (expression)
        return s.say(DiagnosticCode::E101, "`:` cannot stand here",
                     "a range is `0..9`; only `deriv x: …` has a colon");
      return {};
    default: break;  // no sign with words of its own
  }
  if (s.expects("a name") && !s.expects_operand() && is_word(s.found) && wrong.kind != T::TOK_NAME &&
      wrong.kind != T::TOK_NUMBER)
    return s.say(DiagnosticCode::E114, fmt::format("{} is a reserved word", s.what()), "choose another name");
  if (s.expects_operand() && is_head(wrong.kind))
    return s.say(DiagnosticCode::E114, fmt::format("{} is a reserved word and names nothing", s.what()),
                 "choose another name");
  return {};
}

}  // namespace gradc::grammar
