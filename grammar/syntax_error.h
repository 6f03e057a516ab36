// The words for a token that the parser could not accept: from the token, its neighbours, the brackets and
// constructs still open, and the set of tokens that would have been accepted.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "compiler/support/diagnostic.h"
#include "grammar/token_stream.h"

namespace gradc::grammar {

// Nothing if the mistake has been told already: a character that the lexer refused.
std::optional<Diagnostic> describe_syntax_error(const TokenStream& tokens, SourceRange at,
                                                std::string_view found,
                                                const std::vector<std::string_view>& expected);

}  // namespace gradc::grammar
