// The functions that are no operators of single numbers: over an axis, of matrices, derivatives. One table.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "compiler/equations/call_operator.h"

namespace gradc::sema {

enum class BuiltinResult : std::uint8_t { same, without_last, scalar, outer, diagonal };

struct Builtin {
  std::string_view name;
  std::string_view form = "x";      // its arguments, as examples show them
  std::size_t least = 1, most = 1;  // arguments
  std::string_view takes = "a tensor";
  std::size_t least_rank = 1, most_rank = 99;
  BuiltinResult result = BuiltinResult::same;
  bool is_derivative = false;
};

std::span<const Builtin> builtins();
const Builtin* find_builtin(std::string_view name);
// The operator of that name in the language; `div` and `mod` among them. Null if there is none.
const Operator* language_operator(std::string_view name);
// The function of matrices of that name in the language; null if there is none.
const CallOperator* language_call(std::string_view name);
// Of a function of the language that takes values alone; 0 of anything else.
std::size_t language_arity(std::string_view name);
// How it is called: "hvp(E, x, v)", "sin(x)".
std::string language_form(std::string_view name);

}  // namespace gradc::sema
