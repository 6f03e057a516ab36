// The command as the shell runs it: in a folder of its own, both streams and the status kept apart.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/support/golden.h"

namespace gradc::test {

struct Outcome {
  int status = -1;
  std::string out, err;
};

class Command : public testing::Test {
 public:
  Command() {
    std::string name = (std::filesystem::temp_directory_path() / "gradc-driver-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    std::filesystem::create_directory_symlink(std::filesystem::path(GRADC_SOURCE_DIR) / "samples",
                                              folder_ / "samples");
  }
  ~Command() override { std::filesystem::remove_all(folder_); }

  const std::filesystem::path& folder() const { return folder_; }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
  }
  std::string read(const std::string& name) const { return read_file(folder_ / name); }

  // `arguments` as one would type them behind `gradc`.
  Outcome gradc(const std::string& arguments) const { return shell("gradc " + arguments); }
  Outcome shell(const std::string& line) const {
    const std::string whole = "cd '" + folder_.string() + "' && PATH='" GRADC_BINARY_DIR ":'\"$PATH\" && { " +
                              line + "; } >stdout.txt 2>stderr.txt";
    const int status = std::system(whole.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read("stdout.txt"), read("stderr.txt")};
  }

 private:
  std::filesystem::path folder_;
};

// The command is refused with this status, says this, and prints no result.
inline void expect_refused(const Outcome& outcome, int status, const std::string& message) {
  EXPECT_EQ(outcome.status, status) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.err.find(message), std::string::npos) << outcome.err;
}

}  // namespace gradc::test
