// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/gradbench/renamed.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <random>
#include <regex>
#include <set>
#include <vector>

#include "tests/gradbench/cases.h"
#include "tests/support/golden.h"

namespace gradc::test {
namespace {

namespace fs = std::filesystem;

// The language's own words.
const std::set<std::string> kept{
    "dim",     "seq",      "input",     "target", "const", "param",   "if",      "then",    "else",
    "and",     "or",       "not",       "in",     "init",  "to",      "until",   "at",      "most",
    "where",   "for",      "sum",       "prod",   "max",   "min",     "mean",    "any",     "all",
    "argmax",  "argmin",   "logsumexp", "exp",    "log",   "sqrt",    "sin",     "cos",     "tanh",
    "sigmoid", "lgamma",   "sign",      "abs",    "norm",  "dot",     "diff",    "hvp",     "jvp",
    "vjp",     "jacobian", "hessian",   "stop",   "mode",  "forward", "reverse", "iterate", "implicit",
    "prev",    "div",      "mod",       "pi",     "det",   "_"};

class Renaming {
 public:
  std::string operator()(const std::string& text) {
    static const std::regex words(R"([0-9.]+([eE][-+]?[0-9]+)?|[A-Za-z_][A-Za-z0-9_]*)");
    std::string made;
    auto from = text.begin();
    for (std::sregex_iterator word(text.begin(), text.end(), words), end; word != end; ++word) {
      made.append(from, text.begin() + word->position());
      made += renamed(word->str());
      from = text.begin() + word->position() + word->length();
    }
    return made.append(from, text.end());
  }
  const std::map<std::string, std::string>& names() const { return names_; }

 private:
  std::string renamed(const std::string& word) {
    if (std::isdigit(static_cast<unsigned char>(word[0])) || word[0] == '.' || kept.contains(word))
      return word;
    return names_.emplace(word, "name_" + std::to_string(1000 - names_.size())).first->second;
  }
  std::map<std::string, std::string> names_;
};

// Statements without their comments; a line that begins with a blank belongs to the one before.
std::vector<std::string> statements(const std::string& text) {
  std::istringstream lines(std::regex_replace(text, std::regex("#[^\n]*"), ""));
  std::vector<std::string> made;
  for (std::string line; std::getline(lines, line);) {
    if (line.find_first_not_of(' ') == std::string::npos) continue;
    if (line[0] != ' ') made.emplace_back();
    made.back() += line + "\n";
  }
  return made;
}

}  // namespace

std::string write_renamed(const fs::path& folder, const std::string& module) {
  Renaming rename;
  std::mt19937 random(7);
  const fs::path models = folder / "models";
  fs::create_directory(models);
  for (const fs::directory_entry& entry :
       fs::directory_iterator(fs::path(GRADC_SOURCE_DIR) / "samples/gradbench")) {
    const std::string stem = entry.path().stem().string();
    if (stem != module && !stem.starts_with(module + "_")) continue;
    std::vector<std::string> all = statements(read_file(entry.path()));
    std::shuffle(all.begin(), all.end(), random);
    std::ofstream out(models / entry.path().filename());
    for (const std::string& statement : all) out << rename(statement);
  }
  std::ofstream(folder / "names.json") << reference::Json{{module, rename.names()}};
  return "--models '" + models.string() + "' --names '" + (folder / "names.json").string() + "'";
}

}  // namespace gradc::test
