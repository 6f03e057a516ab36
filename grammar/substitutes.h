// What people write from habit: symbols of mathematics that are not ASCII, and operators of other languages.
// Each is an error that names the spelling of this language, and is then read as what was meant.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <optional>
#include <string_view>

#include "grammar/token.h"

namespace gradc::grammar {

struct Substitute {
  std::string_view written;
  TokenKind kind;  // what is put in its place; NAME: `name`; REFUSED: nothing, and the statement is given up
  std::string_view help;
  std::string_view name = {};
  bool blank = false;  // nothing is put in its place, and the statement goes on
};

const Substitute* look_alike(std::string_view character);   // one code point that is not ASCII
const Substitute* foreign_token(std::string_view written);  // "**", "&&", …

}  // namespace gradc::grammar
