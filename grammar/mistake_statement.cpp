// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "grammar/situation.h"

namespace gradc::grammar {

using T = Parser::token;

static const std::vector<std::string>& head_words() {
  static const std::vector<std::string> words = {
      "dim",   "seq",       "input",    "target",  "const",  "param", "noise", "use",
      "deriv", "unchecked", "minimize", "penalty", "metric", "check", "claim", "train"};
  return words;
}

Answer no_statement(const Situation& s) {
  const std::vector<Token>& all = s.tokens.all();
  const std::size_t begin = s.tokens.statement_begin();
  if (!s.line_ended() && s.wrong().kind == T::TOK_DEFINE && s.tokens.wrong() == begin + 1 &&
      is_head(all[begin].kind)) {
    Diagnostic error = s.say(DiagnosticCode::E114, fmt::format("`{}` is a reserved word", s.text(all[begin])),
                             "choose another name");
    error.at.range = s.tokens.range(all[begin]);
    return error;
  }
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
  if (first.kind != T::TOK_NAME) return {};
  if (s.tokens.wrong() != begin + 1) {
    if (!s.expects("=") || !(s.line_ended() || needs_more(s.wrong().kind))) return {};
    Diagnostic error =
        s.say(DiagnosticCode::E113, "an expression alone is no statement", "give it a name: `y = …`");
    error.at.range = cover(s.tokens.range(first), s.tokens.range(*s.before()));
    return error;
  }
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

}  // namespace gradc::grammar
