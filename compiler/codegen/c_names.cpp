// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/codegen/c_names.h"

#include <algorithm>

namespace gradc::codegen {

namespace {

// C23 and C++23 keywords (C++23 [lex.key], C23 6.4.1), and macros of the headers that many include.
constexpr std::string_view reserved[] = {
    "alignas",
    "alignof",
    "and",
    "and_eq",
    "asm",
    "auto",
    "bitand",
    "bitor",
    "bool",
    "break",
    "case",
    "catch",
    "char",
    "char16_t",
    "char32_t",
    "char8_t",
    "class",
    "co_await",
    "co_return",
    "co_yield",
    "compl",
    "complex",
    "concept",
    "const",
    "const_cast",
    "consteval",
    "constexpr",
    "constinit",
    "continue",
    "decltype",
    "default",
    "delete",
    "do",
    "double",
    "dynamic_cast",
    "else",
    "enum",
    "explicit",
    "export",
    "extern",
    "false",
    "float",
    "for",
    "friend",
    "goto",
    "if",
    "imaginary",
    "inline",
    "int",
    "long",
    "mutable",
    "namespace",
    "new",
    "noexcept",
    "not",
    "not_eq",
    "nullptr",
    "operator",
    "or",
    "or_eq",
    "private",
    "protected",
    "public",
    "register",
    "reinterpret_cast",
    "requires",
    "restrict",
    "return",
    "short",
    "signed",
    "sizeof",
    "static",
    "static_assert",
    "static_cast",
    "struct",
    "switch",
    "template",
    "this",
    "thread_local",
    "throw",
    "true",
    "try",
    "typedef",
    "typeid",
    "typename",
    "typeof",
    "typeof_unqual",
    "union",
    "unsigned",
    "using",
    "virtual",
    "void",
    "volatile",
    "wchar_t",
    "while",
    "xor",
    "xor_eq",
    // macros
    "EOF",
    "FILENAME_MAX",
    "HUGE_VAL",
    "I",
    "INFINITY",
    "NAN",
    "NULL",
    "RAND_MAX",
    "assert",
    "errno",
    "i386",
    "linux",
    "math_errhandling",
    "offsetof",
    "signbit",
    "stderr",
    "stdin",
    "stdout",
    "unix",
    // types that the generated text uses
    "int32_t",
    "int64_t",
};

}  // namespace

CNames::CNames(std::initializer_list<std::string_view> taken) {
  for (const std::string_view name : reserved) taken_.emplace(name);
  for (const std::string_view name : taken) taken_.emplace(name);
}

std::string CNames::pick(const std::string& wanted) {
  std::string name = wanted;
  if (taken_.contains(name)) name += '_';
  for (int number = 2; taken_.contains(name); ++number) name = wanted + '_' + std::to_string(number);
  taken_.insert(name);
  return name;
}

std::string comment_text(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\';
    const bool joins =
        !result.empty() && ((result.back() == '*' && c == '/') || (result.back() == '/' && c == '*'));
    if (joins) result += ' ';
    result += control ? '?' : c;
  }
  return result;
}

}  // namespace gradc::codegen
