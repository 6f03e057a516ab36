// The golden files of the parser: how programs are understood, and what is said of wrong ones.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/support/golden.h"
#include "grammar/parse.h"
#include "grammar/print.h"
#include "grammar/used_files.h"

namespace gradc {
namespace {

// Every operand in parentheses, so that the golden file shows the tree; as written it must come back
// unchanged.
std::string tree(const std::string& path, const std::string& text) {
  const Sources sources{Source(path, text)};
  const auto program = parse(sources[0]);
  if (!program) return render(program.diagnostics(), sources);
  for (auto parentheses : {syntax::Parentheses::as_written, syntax::Parentheses::all}) {
    const std::string printed = syntax::print(*program, parentheses);
    const Sources again{Source("printed", printed)};
    const auto reparsed = parse(again[0]);
    if (!reparsed) {
      ADD_FAILURE() << "what is printed does not parse:\n" << render(reparsed.diagnostics(), again);
      continue;
    }
    EXPECT_EQ(syntax::print(*reparsed, parentheses), printed);
  }
  return syntax::print(*program, syntax::Parentheses::all);
}

// Beside the file that uses it.
Result<UsedFile> find(const std::string& user, const std::string& path) {
  const auto name = (std::filesystem::path(user).parent_path() / path).string();
  return UsedFile{name, name,
                  test::read_file(std::filesystem::path(GRADC_SOURCE_DIR) / "tests/errors" / name)};
}

std::string mistakes(const std::string& path, const std::string& text) {
  Sources sources{Source(path, test::expand_repeats(text))};
  const auto program = parse_with_uses(sources, path, find);
  EXPECT_FALSE(program) << "the file has no mistake";
  EXPECT_NE(render(program.diagnostics(), sources).find("[" + path.substr(0, 4) + "]"), std::string::npos)
      << "the file's code is not among those reported";
  return render(program.diagnostics(), sources);
}

bool of_the_parser(const std::string& stem) { return stem.starts_with("E0") || stem.starts_with("E1"); }

const bool trees = test::add_golden_tests("Syntax", "tests/golden/syntax", ".grad", tree);
const bool errors = test::add_golden_tests("SyntaxErrors", "tests/errors", ".grad", mistakes, of_the_parser);

TEST(Golden, FilesAreFound) { EXPECT_TRUE(trees && errors); }

TEST(Golden, EveryCodeOfTheParserHasAFile) {
  const auto folder = std::filesystem::path(GRADC_SOURCE_DIR) / "tests/errors";
  for (const DiagnosticInfo& info : all_diagnostics()) {
    if (!of_the_parser(std::string(info.code))) continue;
    bool found = false;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      found = found || (entry.path().extension() == ".grad" &&
                        entry.path().stem().string().starts_with(std::string(info.code) + "_"));
    EXPECT_TRUE(found) << info.code << ": " << info.summary;
  }
}

}  // namespace
}  // namespace gradc
