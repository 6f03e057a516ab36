// What is said of wrong and of doubtful programs: one golden file or more for every code of the checker.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/support/golden.h"

#include <sstream>

#include "compiler/sema/check.h"
#include "grammar/parse.h"

namespace gradc {
namespace {

// The first line may hold options: `# --dim D=3`.
CheckOptions options_in(const std::string& text) {
  CheckOptions options;
  std::istringstream words(text.substr(0, text.find('\n')));
  for (std::string word; words >> word;)
    if (const std::size_t equals = word.find('='); word[0] != '-' && equals != std::string::npos)
      options.dims[word.substr(0, equals)] = std::stoll(word.substr(equals + 1));
  return options;
}

std::string messages(const std::string& path, const std::string& text) {
  const Sources sources{Source(path, test::expand_repeats(text))};
  const auto program = parse(sources[0]);
  EXPECT_TRUE(program) << render(program.diagnostics(), sources);
  if (!program) return "";
  Context context;
  const auto model =
      check(*program, context, text.starts_with("# --dim") ? options_in(text) : CheckOptions{});
  EXPECT_EQ(static_cast<bool>(model), path.starts_with("W"))
      << "a file of warnings checks, one of errors does not";
  const std::string said = render(model.diagnostics(), sources);
  EXPECT_NE(said.find("[" + path.substr(0, 4) + "]"), std::string::npos) << "the file's code is not said";
  return said;
}

bool of_the_checker(const std::string& stem) {
  return stem.starts_with("W2") ||
         (stem.starts_with("E") && std::string_view("2349").find(stem[1]) != std::string_view::npos);
}

const bool errors = test::add_golden_tests("SemaErrors", "tests/errors", ".grad", messages, of_the_checker);

TEST(SemaGolden, FilesAreFound) { EXPECT_TRUE(errors); }

// What is not built yet is refused by the checker, but for what only a command can refuse.
bool is_raised_by_the_checker(std::string_view code) {
  if (code[1] != '9') return true;
  for (const auto& entry : std::filesystem::directory_iterator(GRADC_SOURCE_DIR "/compiler/sema"))
    if (test::read_file(entry.path()).find("DiagnosticCode::" + std::string(code)) != std::string::npos)
      return true;
  return false;
}

TEST(SemaGolden, EveryCodeOfTheCheckerHasAFile) {
  const auto folder = std::filesystem::path(GRADC_SOURCE_DIR) / "tests/errors";
  for (const DiagnosticInfo& info : all_diagnostics()) {
    if (!of_the_checker(std::string(info.code)) || !is_raised_by_the_checker(info.code)) continue;
    bool found = false;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      found = found || (entry.path().extension() == ".grad" &&
                        entry.path().stem().string().starts_with(std::string(info.code) + "_"));
    EXPECT_TRUE(found) << info.code << ": " << info.summary;
  }
}

}  // namespace
}  // namespace gradc
