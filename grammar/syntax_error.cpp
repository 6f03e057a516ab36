// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "grammar/syntax_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "grammar/syntax.h"

namespace gradc::grammar {
namespace {

using T = Parser::token;

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

bool starts_operand(TokenKind kind) {
  return kind == T::TOK_NAME || kind == T::TOK_NUMBER || kind == T::TOK_LPAREN;
}

bool is_word(std::string_view text) { return !text.empty() && text[0] >= 'a' && text[0] <= 'z'; }

// ---- brackets ----

Answer unclosed_bracket(const Situation& s) {
  const Token* open = s.tokens.unclosed();
  if (!open || open->kind == T::TOK_LBRACE) return {};
  const bool next_statement =
      s.line_ended() || (s.wrong().kind == T::TOK_DEFINE && open->end < s.wrong().begin && [&] {
        for (std::size_t i = s.tokens.wrong(); s.tokens.all()[i].begin > open->begin; --i)
          if (s.tokens.all()[i].first_on_line) return true;
        return false;
      }());
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

// ---- statements ----

const std::vector<std::string>& head_words() {
  static const std::vector<std::string> words = {"dim",      "seq",     "input",  "target", "const",
                                                 "param",    "noise",   "use",    "deriv",  "unchecked",
                                                 "minimize", "penalty", "metric", "check",  "train"};
  return words;
}

Answer no_statement(const Situation& s) {
  const std::vector<Token>& all = s.tokens.all();
  const std::size_t begin = s.tokens.statement_begin();
  if (s.tokens.in_train()) {
    if (s.first_of_statement())
      return s.say(DiagnosticCode::E113, fmt::format("{} does not start a setting", s.what()),
                   "a setting is `name = value`");
    return {};
  }
  if (s.first_of_statement()) {
    if (is_word(s.text(s.wrong())) && s.tokens.wrong() + 1 < all.size() &&
        all[s.tokens.wrong() + 1].kind == T::TOK_DEFINE)
      return s.say(DiagnosticCode::E114, fmt::format("{} is a reserved word", s.what()),
                   "choose another name");
    return s.say(
        DiagnosticCode::E113, fmt::format("{} does not start a statement", s.what()),
        "a statement defines a name, `y = x^2`, or starts with a word such as `input`, `param`, `minimize`");
  }
  const Token& first = all[begin];
  if (s.tokens.wrong() != begin + 1 || first.kind != T::TOK_NAME) return {};
  const std::string name(s.text(first));
  if (!s.line_ended() && s.wrong().kind == T::TOK_EQ)
    return s.say(DiagnosticCode::E113, "`==` compares, it does not define",
                 fmt::format("write `{} = …`; an assertion is `check {} == …`", name, name));
  if (!s.line_ended() && s.wrong().kind == T::TOK_TILDE)
    return s.say(DiagnosticCode::E113, "`~` stands only in a `noise` statement",
                 fmt::format("write `noise {} ~ normal(0, 1)`", name));
  if (!s.line_ended() && s.wrong().kind == T::TOK_PRIMES)
    return s.say(DiagnosticCode::E113, "a derivative is not defined by an equation",
                 "below a function's definition write `deriv x: …`");
  const bool declares = !s.line_ended() && (starts_operand(s.wrong().kind) ||
                                            s.wrong().kind == T::TOK_STRING || is_head(s.wrong().kind));
  Diagnostic error = s.say(DiagnosticCode::E113, fmt::format("`{}` does not start a statement", name), "");
  error.at.range = s.tokens.range(first);
  const std::string near = did_you_mean(name, head_words());
  if (declares && !near.empty())
    error.help = fmt::format("did you mean `{}`?", near);
  else if (name == "def" || name == "function" || name == "fn" || name == "let" || name == "var")
    error.help = "definitions need no word: `f(x) = x^2`";
  else if (name == "return" || name == "print")
    error.help = "there is nothing to return or print; every name of the file can be asked for";
  else if (name == "import" || name == "include")
    error.help = "write `use \"file.grad\"`";
  else if (declares)
    error.help =
        "a statement defines a name, `y = x^2`, or starts with a word such as `input`, `param`, `minimize`";
  else {
    error.message = "an expression alone is no statement";
    error.help = "give it a name: `y = …`";
  }
  return error;
}

// ---- constructs that lack a part ----

// The innermost `if` or `iterate` that is not finished where the mistake is.
const Token* open_construct(const Situation& s, TokenKind wanted) {
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

// Does the word come later in the statement? Then it is not what is missing.
bool comes_later(const Situation& s, TokenKind word) {
  const std::vector<Token>& all = s.tokens.all();
  for (std::size_t i = s.tokens.wrong();
       i < all.size() && !(all[i].first_on_line && (is_head(all[i].kind) || all[i].after_blank_line)); ++i)
    if (all[i].kind == word) return true;
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

// ---- operators and operands ----

// Does the operand that ends before the mistake end with the bracket of a reduction, `sum(i)`?
const Token* reduction_before(const Situation& s) {
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
  return s.say(
      DiagnosticCode::E104,
      fmt::format("an operator is missing between `{}` and `{}`", s.text(*s.before()), s.text(s.wrong())),
      "a product is written with `*`");
}

Answer misplaced_sign(const Situation& s) {
  if (s.line_ended()) return {};
  const Token& wrong = s.wrong();
  const bool expression = s.expects_operand() || s.expects_operator();
  switch (static_cast<int>(wrong.kind)) {
    case T::TOK_DEFINE:
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

// ---- what is left: what cannot stand where, and what could ----

std::string list_of_expected(const Situation& s) {
  static const std::array<std::string_view, 8> operand = {"a number", "a name", "(",       "[",
                                                          "-",        "if",     "iterate", "not"};
  static const std::array<std::string_view, 20> operators = {"+",  "-", "*",  "/",  "@",  "^",   "==",
                                                             "!=", "<", "<=", ">",  ">=", "and", "or",
                                                             "[",  "(", "'",  "..", "if", "_"};
  std::vector<std::string> out;
  auto in = [](const auto& set, std::string_view name) {
    return std::find(set.begin(), set.end(), name) != set.end();
  };
  const bool an_operand = s.expects_operand(), an_operator = s.expects_operator();
  if (an_operand) out.push_back("an expression");
  for (std::string_view name : s.expected) {
    if ((an_operand && (in(operand, name) || name == "_")) || (an_operator && in(operators, name))) continue;
    const bool described = name.substr(0, 2) == "a " || name.substr(0, 4) == "the ";
    out.push_back(described ? std::string(name) : fmt::format("`{}`", name));
  }
  if (an_operator) out.push_back("an operator");
  std::string text;
  for (std::size_t i = 0; i < out.size(); ++i)
    text += (i == 0 ? "" : i + 1 == out.size() ? " or " : ", ") + out[i];
  return text;
}

Diagnostic cannot_stand(const Situation& s) {
  const std::string expected = list_of_expected(s);
  const std::string help = expected.empty() ? "" : fmt::format("expected {}", expected);
  if (s.line_ended()) {
    if (s.before())
      return s.say(DiagnosticCode::E101,
                   fmt::format("the statement breaks off behind `{}`", s.text(*s.before())), help);
    return s.say(DiagnosticCode::E101, "the statement breaks off", help);
  }
  if (s.before() && s.before()->kind != T::TOK_REFUSED && !s.first_of_statement())
    return s.say(DiagnosticCode::E101,
                 fmt::format("`{}` cannot follow `{}`", s.text(s.wrong()), s.text(*s.before())), help);
  return s.say(DiagnosticCode::E101, fmt::format("{} cannot stand here", s.what()), help);
}

}  // namespace

std::optional<Diagnostic> describe_syntax_error(const TokenStream& tokens, SourceRange at,
                                                std::string_view found,
                                                const std::vector<std::string_view>& expected) {
  if (tokens.gave_up()) return std::nullopt;
  for (std::size_t i = tokens.statement_begin(); i < tokens.all().size() && i <= tokens.wrong(); ++i)
    if (tokens.all()[i].kind == T::TOK_REFUSED) return std::nullopt;
  const Situation situation{tokens, at, found, expected};
  // The first that knows the case. The order matters: what is more particular comes first.
  for (auto* describe : {unclosed_bracket, wrong_bracket, no_statement, lacks_part, needs_parentheses,
                         missing_operator, misplaced_sign})
    if (Answer answer = describe(situation)) return answer;
  return cannot_stand(situation);
}

}  // namespace gradc::grammar
