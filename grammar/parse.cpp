// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "grammar/parse.h"

#include <fmt/format.h>

#include "grammar/builder.h"
#include "grammar/lexer.h"
#include "grammar/parser.h"
#include "grammar/text.h"
#include "grammar/token_stream.h"

namespace gradc {

using namespace grammar;

Result<syntax::Program> parse(const Source& source, std::uint32_t file_index) {
  Reports reports;
  if (!check_text(source.text(), file_index, reports)) return reports.take();
  syntax::Program program;
  TokenStream tokens(source, file_index, tokenize(source.text(), file_index, program.texts, reports),
                     reports);
  program.exprs.reserve(tokens.all().size());  // there are fewer; memory that is not touched costs nothing
  Builder builder(tokens, program, reports);
  Parser(builder).parse();
  builder.finish();
  if (!reports.empty()) return reports.take();
  return program;
}

}  // namespace gradc
