// What only a command can say of a file: golden files of the errors that `gradc check` adds to the checker's.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/driver/command.h"

namespace gradc::test {
namespace {

class Check : public Command {
 public:
  void TestBody() override {}
};

std::string said(const std::string& path, const std::string& text) {
  const Check command;
  command.write(path, text);
  const Outcome outcome = command.gradc("check " + path);
  EXPECT_EQ(outcome.status, 1) << outcome.out;
  EXPECT_NE(outcome.err.find("[" + path.substr(0, 4) + "]"), std::string::npos)
      << "the file's code is not said";
  return outcome.err;
}

const bool errors = add_golden_tests("CommandErrors", "tests/errors", ".grad", said,
                                     [](const std::string& stem) { return stem.starts_with("E6"); });

TEST(CommandGolden, FilesAreFound) { EXPECT_TRUE(errors); }

}  // namespace
}  // namespace gradc::test
