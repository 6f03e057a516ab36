// The exercises are open as they come, and their solutions are proved, line by line.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/claims/claim.h"
#include "tests/support/golden.h"

namespace gradc::test {
namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path(GRADC_SOURCE_DIR) / "samples/exercises";

std::vector<std::string> names() {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".grad") found.push_back(entry.path().filename().string());
  std::ranges::sort(found);
  return found;
}

class Exercise : public testing::TestWithParam<std::string> {};

TEST_P(Exercise, IsOpen) {
  const Checked model = checked(read_file(folder / GetParam()));
  ASSERT_TRUE(model.model) << model.said;
  EXPECT_EQ(model.said, "");
  EXPECT_FALSE(model.model->claims.empty());
  for (const Claim& claim : model.model->claims) EXPECT_TRUE(claim.blank);
}

TEST_P(Exercise, HasAProvedSolution) {
  const std::string text = read_file(folder / "solutions" / GetParam());
  const Checked model = checked(text), exercise = checked(read_file(folder / GetParam()));
  ASSERT_TRUE(model.model && exercise.model) << model.said;
  EXPECT_EQ(model.model->claims.size(), exercise.model->claims.size());
  for (const Claim& claim : model.model->claims)
    EXPECT_EQ(decide(*model.model, claim, 0).kind, Verdict::Kind::proved)
        << text.substr(claim.left_range.begin, claim.right_range.end - claim.left_range.begin);
}

INSTANTIATE_TEST_SUITE_P(All, Exercise, testing::ValuesIn(names()),
                         [](const auto& info) { return "_" + info.param.substr(0, info.param.find('.')); });

}  // namespace
}  // namespace gradc::test
