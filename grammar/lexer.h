// Bytes to tokens. A mistake in the text is reported, and the token that was meant is put in its place, so
// that the parser goes on as if it had been written. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "grammar/reports.h"
#include "grammar/syntax.h"
#include "grammar/token.h"

namespace gradc::grammar {

// The tokens of a text that check_text found well-formed, with the end of file last. A NUL must stand behind
// the text, as it does behind a std::string.
std::vector<Token> tokenize(std::string_view text, std::uint32_t file, syntax::Texts& texts,
                            Reports& reports);

}  // namespace gradc::grammar
