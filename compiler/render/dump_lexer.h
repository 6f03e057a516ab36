// Tokens of a dumped system. Lines that begin with a blank continue the line before.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <vector>

#include "compiler/support/source.h"

namespace gradc {

struct DumpToken {
  enum class Kind : std::uint8_t { name, number, symbol, comment, line_end, end } kind;
  std::string text;  // names without backticks; comments without `#` and the blank behind it
  SourceRange range;
  bool quoted = false;  // a name in backticks is never a word of the notation
  // A minus is the sign of a number only where the number touches it; 1/2 is one number only without blanks.
  bool touches_next = false;
};

std::vector<DumpToken> lex_dump(const Source& source);

}  // namespace gradc
