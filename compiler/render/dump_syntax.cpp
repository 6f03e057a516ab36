// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/dump_syntax.h"

#include <algorithm>
#include <array>
#include <utility>

#include "compiler/operators/build.h"

namespace gradc {
namespace {

using enum Precedence;

// The next tighter level, for the side on which an operator does not associate.
constexpr InfixOperator table[] = {
    {&op_or, "or", disjunction, disjunction, conjunction},
    {&op_and, "and", conjunction, conjunction, negation},
    {&op_equal, "==", comparison, sum, sum},
    {&op_not_equal, "!=", comparison, sum, sum},
    {&op_less, "<", comparison, sum, sum},
    {&op_less_equal, "<=", comparison, sum, sum},
    {&op_add, "+", sum, sum, reduction},
    {&op_sub, "-", sum, sum, reduction},
    {&op_mul, "*", product, product, unary},
    {&op_div, "/", product, product, unary},
    {&op_floor_div, "div", product, product, unary},
    {&op_mod, "mod", product, product, unary},
    {&op_pow, "^", power, postfix, unary},
};

constexpr std::pair<std::string_view, Role> roles[] = {
    {"input", Role::input},     {"target", Role::target},   {"const", Role::constant},
    {"param", Role::param},     {"noise", Role::noise},     {"length", Role::length},
    {"derived", Role::derived},
    {"adjoint", Role::adjoint}, {"tangent", Role::tangent}, {"seed", Role::seed},
};

constexpr std::string_view words[] = {"if",    "then",     "else",      "and",     "or",    "not",
                                      "div",   "mod",      "in",        "of",      "wrt",   "true",
                                      "false", "dim",      "output",    "counted", "steps", "call",
                                      "batch", "sequence", "anonymous", "copies",  "for"};

}  // namespace

std::span<const InfixOperator> infix_operators() { return table; }

const InfixOperator* infix(const Operator& op) {
  for (const InfixOperator& entry : table)
    if (entry.op == &op) return &entry;
  return nullptr;
}

const InfixOperator* infix(std::string_view symbol) {
  for (const InfixOperator& entry : table)
    if (entry.symbol == symbol) return &entry;
  return nullptr;
}

std::string_view role_word(Role role) {
  return std::ranges::find(roles, role, &std::pair<std::string_view, Role>::second)->first;
}

const Role* role_of(std::string_view word) {
  for (const auto& [name, role] : roles)
    if (name == word) return &role;
  return nullptr;
}

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '\'' || static_cast<unsigned char>(c) >= 0x80;
}

std::string quoted_name(std::string_view name) {
  const bool plain = !name.empty() && std::ranges::all_of(name, is_name_byte) &&
                     name.find("..") == name.npos &&
                     std::string_view("0123456789.'").find(name[0]) == name.npos && name.back() != '.' &&
                     std::ranges::find(words, name) == std::end(words) && !role_of(name);
  if (plain) return std::string(name);
  std::string quoted = "`";
  for (char c : name) quoted += c == '`' || c == '\n' ? '?' : c;  // no name of the language has them
  return quoted + "`";
}

}  // namespace gradc
