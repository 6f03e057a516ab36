// The tool as the suite runs it: messages go to its standard input, a line each, and its answers come back.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/gradbench/cases.h"

namespace gradc::test {

class Tool {
 public:
  Tool() {
    std::string name = (std::filesystem::temp_directory_path() / "gradc-gradbench-XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~Tool() { std::filesystem::remove_all(folder_); }
  Tool(const Tool&) = delete;
  Tool& operator=(const Tool&) = delete;

  const std::filesystem::path& folder() const { return folder_; }

  // The lines that it answers; it must end in peace when its input does.
  std::vector<reference::Json> ask(const std::vector<std::string>& lines,
                                   const std::string& options = "") const {
    std::ofstream in(folder_ / "in");
    for (const std::string& line : lines) in << line << '\n';
    in.close();
    const std::string command = "'" GRADC_BINARY_DIR "/gradc-gradbench' " + options + " <'" +
                                (folder_ / "in").string() + "' >'" + (folder_ / "out").string() + "'";
    const int status = std::system(command.c_str());
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << command;
    std::vector<reference::Json> answers;
    std::ifstream out(folder_ / "out");
    for (std::string line; std::getline(out, line);)
      answers.push_back(reference::Json::parse(line, nullptr, false));
    return answers;
  }

 private:
  std::filesystem::path folder_;
};

inline std::string define(const std::string& module) {
  return reference::Json{{"id", 1}, {"kind", "define"}, {"module", module}}.dump();
}
inline std::string evaluate(const std::string& module, const std::string& function,
                            const reference::Json& input) {
  return reference::Json{
      {"id", 2}, {"kind", "evaluate"}, {"module", module}, {"function", function}, {"input", input}}
      .dump();
}

}  // namespace gradc::test
