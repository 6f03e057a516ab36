// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/workspace.h"

#include <gtest/gtest.h>

#include <cstring>

#include "runtime/abi.h"

namespace gradc {
namespace {

TEST(Workspace, grows_and_is_aligned) {
  Workspace w;
  for (std::int64_t bytes : {0, 1, 100, 5000, 200, 1 << 20}) {
    w.reserve(bytes);
    if (bytes > 0) std::memset(w.data(), 1, static_cast<std::size_t>(bytes));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(w.data()) % GRADC_WORKSPACE_ALIGNMENT, 0u);
  }
  Workspace moved = std::move(w);
  EXPECT_NE(moved.data(), nullptr);
}

// More than there is, said before anything is computed.
TEST(Workspace, says_how_much_is_missing) {
  Workspace w;
  try {
    w.reserve(std::int64_t{1} << 50);
    FAIL() << "a petabyte was given";
  } catch (const NotEnoughMemory& error) {
    EXPECT_TRUE(std::strstr(error.what(), "1125899.9 GB")) << error.what();
  }
}

}  // namespace
}  // namespace gradc
