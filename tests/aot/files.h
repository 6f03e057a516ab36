// A folder for a test's files, and programs run in it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "compiler/codegen/write_model.h"
#include "compiler/support/process.h"

namespace gradc::test {

inline std::string contents(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / "gradc-aot-XXXXXX") {
    std::string name = path_.string();
    if (!::mkdtemp(name.data())) ADD_FAILURE() << "no folder for temporary files";
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string operator/(std::string_view file) const { return (path_ / file).string(); }
  std::string path() const { return path_.string(); }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path_), {}));
  }

  void write(const codegen::Model& model, std::vector<codegen::Artefact> which,
             const codegen::Options& options = {}) const {
    const auto written = codegen::write_model(model, options, path(), which);
    for (const Diagnostic& d : written.diagnostics()) ADD_FAILURE() << d.message << "\n" << d.help;
  }
  // The program's output; it must end with status 0.
  std::string run(std::vector<std::string> command) const {
    const std::string program[] = {command[0]};
    if (const auto found = find_program(program)) command[0] = *found;
    const Finished done = run_program(command);
    std::string line;
    for (const std::string& word : command) line += word + " ";
    EXPECT_EQ(done.status, 0) << line << "\n" << done.messages;
    return done.messages;
  }
  // Strict C99 of a file of tests/aot, or of this folder; the headers lie here.
  std::string compile(const std::string& source, const std::string& program,
                      std::vector<std::string> behind = {}) const {
    std::vector<std::string> command = {"gcc",       "-std=c99",          "-Wall", "-Wextra", "-Werror",
                                        "-pedantic", "-D_DEFAULT_SOURCE", "-I",    path(),    source,
                                        "-o",        *this / program};
    command.insert(command.end(), behind.begin(), behind.end());
    run(command);
    return *this / program;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace gradc::test
