// Every diagnostic of the runtime is expected, with its text, in a test of this folder.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "compiler/support/diagnostic.h"

namespace gradc {
namespace {

TEST(Diagnostics, EveryCodeOfTheRuntimeHasATest) {
  std::ostringstream tests;
  for (const auto& entry : std::filesystem::directory_iterator(GRADC_SOURCE_DIR "/tests/runtime"))
    tests << std::ifstream(entry.path()).rdbuf();
  const std::string text = tests.str();
  for (const DiagnosticInfo& info : all_diagnostics()) {
    if (info.code.substr(1, 1) != "5") continue;
    EXPECT_NE(text.find("[" + std::string(info.code) + "]"), std::string::npos)
        << info.code << ": " << info.summary;
  }
}

}  // namespace
}  // namespace gradc
