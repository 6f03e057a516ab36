// Derivatives of matrices as books print them. A model of tests/golden/matrix says in its head what a
// textbook has (written down before the printer was), and what is derived; what is printed stands beside it,
// is no longer than the book's, compiles with pdflatex, and evaluates to what the machine computes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/support/golden.h"

#include <regex>

namespace gradc {
namespace {

const std::filesystem::path folder = std::filesystem::path(GRADC_SOURCE_DIR) / "tests/golden/matrix";

std::string head(const std::string& text, const std::string& key) {
  const std::size_t at = text.find("\n# " + key + ": ");
  if (at == std::string::npos) return "";
  const std::size_t begin = at + key.size() + 5;
  return text.substr(begin, text.find('\n', begin) - begin);
}

std::string run(const std::string& line) {
  std::string out;
  FILE* pipe = ::popen(("cd '" + folder.string() + "' && " + line + " 2>&1").c_str(), "r");
  char block[4096];
  while (const std::size_t n = std::fread(block, 1, sizeof block, pipe)) out.append(block, n);
  EXPECT_EQ(::pclose(pipe), 0) << line << "\n" << out;
  return out;
}

std::string derive(const std::string& name, const std::string& text, const std::string& format) {
  return run(std::string("'" GRADC_BINARY_DIR "/gradc' diff ") + name + " " + head(text, "diff") +
             " --style matrix --format " + format);
}

// Letters, commands, digits and signs; what only holds the formula together does not count, and an adjoint's
// name is one, as a letter for it would be.
std::size_t tokens(const std::string& latex) {
  static const std::regex token(R"(\\delta\^\{[^}]*\}|\\[A-Za-z]+|\\.|[^\s{}])");
  std::size_t count = 0;
  for (auto t = std::sregex_iterator(latex.begin(), latex.end(), token); t != std::sregex_iterator(); ++t)
    if (const std::string word = t->str(); word != "\\left" && word != "\\right" && word != "\\,") ++count;
  return count;
}

// The right side of the last line that is no footnote.
std::string last_formula(const std::string& latex) {
  std::string formula;
  for (const std::string& line : test::lines_of(latex))
    if (const std::size_t at = line.find("&="); at != std::string::npos) formula = line.substr(at + 2);
  return formula.substr(0, formula.find("\\\\"));
}

std::string stage(const std::string& name, const std::string& text) {
  const std::string latex = derive(name, text, "latex");
  const std::string formula = last_formula(latex);
  EXPECT_NE(head(text, "source"), "");
  EXPECT_LE(tokens(formula), tokens(head(text, "textbook"))) << formula;
  return derive(name, text, "text") + "\n" + latex;
}

const bool found = test::add_golden_tests("Matrix", "tests/golden/matrix", ".grad", stage);

std::vector<std::string> models() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".grad") names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

std::string compare(const std::string& arguments) {
  return run("/usr/bin/python3 '" GRADC_SOURCE_DIR "/tests/matrix/compare.py' '" GRADC_BINARY_DIR "/gradc' " +
             arguments);
}

TEST(MatrixFormulas, SayWhatTheMachineComputes) {
  ASSERT_TRUE(found);
  std::string all;
  for (const std::string& name : models()) all += " " + name;
  EXPECT_EQ(compare(all), "0 differ\n");
}

TEST(MatrixFormulas, OfRandomSystemsSayWhatTheMachineComputes) {
  EXPECT_EQ(compare("--random 200"), "0 differ\n");
}

TEST(MatrixFormulas, CompileWithPdflatex) {
  std::string page = "\\documentclass{article}\n\\usepackage{amsmath,amssymb}\n\\begin{document}\n";
  for (const std::string& name : models())
    page += "\\verb|" + name + "|\n" + derive(name, test::read_file(folder / name), "latex");
  const std::filesystem::path place = std::filesystem::path(GRADC_BINARY_DIR) / "latex_test/matrix";
  std::filesystem::create_directories(place);
  std::ofstream(place / "page.tex") << page << "\\end{document}\n";
  run("cd '" + place.string() +
      "' && pdflatex -interaction=nonstopmode -halt-on-error -no-shell-escape page.tex");
  const std::string log = test::read_file(place / "page.log");
  EXPECT_EQ(log.find("Missing character"), std::string::npos);
  EXPECT_EQ(log.find("Overfull \\hbox"), std::string::npos);
}

}  // namespace
}  // namespace gradc
