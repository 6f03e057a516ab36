// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "grammar/syntax_error.h"

#include <array>

#include "grammar/situation.h"

namespace gradc::grammar {
namespace {

// What is left when nobody knows better: what cannot stand where, and what could.

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
  if (s.before() && s.before()->kind != Parser::token::TOK_REFUSED && !s.first_of_statement())
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
    if (tokens.all()[i].kind == Parser::token::TOK_REFUSED) return std::nullopt;
  const Situation situation{tokens, at, found, expected};
  // The first that knows the case. The order matters: what is more particular comes first.
  for (auto* describe : {unclosed_bracket, wrong_bracket, no_statement, lacks_part, needs_parentheses,
                         missing_operator, misplaced_sign})
    if (Answer answer = describe(situation)) return answer;
  return cannot_stand(situation);
}

}  // namespace gradc::grammar
