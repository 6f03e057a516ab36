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

Diagnostics parse_into(syntax::Program& program, const Source& source, std::uint32_t file_index) {
  Reports reports;
  if (!check_text(source.text(), file_index, reports)) return reports.take();
  program.texts.enter_file(file_index);
  TokenStream tokens(source, file_index, tokenize(source.text(), file_index, program.texts, reports),
                     reports);
  // There are fewer; memory that is not touched costs nothing.
  program.exprs.reserve(program.exprs.size() + tokens.all().size());
  Builder builder(tokens, program, reports);
  Parser(builder).parse();
  builder.finish();
  return reports.empty() ? Diagnostics{} : reports.take();
}

Result<syntax::Program> parse(const Source& source, std::uint32_t file_index) {
  syntax::Program program;
  if (Diagnostics mistakes = parse_into(program, source, file_index); !mistakes.empty()) return mistakes;
  return program;
}

}  // namespace gradc
