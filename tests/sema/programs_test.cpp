// Whole programs: every sample checks; of the programs that the language is built for, all check.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cmath>

#include "tests/sema/checked.h"
#include "tests/support/golden.h"

namespace gradc::test {
namespace {

std::string program(const std::string& name) {
  return read_file(std::filesystem::path(GRADC_SOURCE_DIR) / "tests/golden/syntax" / (name + ".grad"));
}

TEST(Programs, SamplesCheckWithoutWarnings) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(GRADC_SOURCE_DIR "/samples")) {
    if (entry.path().extension() != ".grad") continue;
    SCOPED_TRACE(entry.path().string());
    const std::string text = read_file(entry.path());
    if (text.find("\nuse ") != std::string::npos) continue;  // the command finds what it uses
    const Checked c = checked(text);
    ASSERT_TRUE(c.model) << c.said;
    EXPECT_EQ(c.said, "");
    EXPECT_EQ(verify(c.model->system), "");
    ++count;
  }
  EXPECT_GE(count, 15u);
}

TEST(Programs, WithinWhatIsBuilt) {
  for (const char* name : {"hello", "lse", "llsq", "kmeans", "gmm", "ba", "hidden_layer", "det_minors",
                           "lstm", "ode", "ht", "batchnorm", "vae", "gru", "attention", "particle", "saddle"}) {
    SCOPED_TRACE(name);
    const Checked c = checked(program(name));
    ASSERT_TRUE(c.model) << c.said;
    EXPECT_EQ(c.said, "");
    EXPECT_EQ(verify(c.model->system), "");
  }
}

// GradBench's lse and kmeans at points where the answer is known.
TEST(Programs, ValuesOfKnownProblems) {
  const Checked lse = checked(program("lse"));
  const std::map<std::string, std::vector<double>> x = {{"x", {0, 0, 0, 0}}};
  EXPECT_NEAR(values(lse, "f", x, {{"N", 4}})[0], std::log(4.0), 1e-14);
  for (double share : values(lse, "grad", x, {{"N", 4}})) EXPECT_NEAR(share, 0.25, 1e-14);
  // One mean of three points: Newton's direction leads from 0 to their mean.
  const Checked kmeans = checked(program("kmeans"));
  const auto dir = values(kmeans, "dir", {{"point", {1, 2, 6}}, {"C", {0}}}, {{"N", 3}, {"K", 1}, {"D", 1}});
  ASSERT_EQ(dir.size(), 1u);
  EXPECT_NEAR(-dir[0], 3, 1e-12);
}

// GradBench's Gaussian mixture: the gradient is that of differences.
TEST(Programs, GaussianMixture) {
  const Checked c = checked(program("gmm"));
  std::map<std::string, std::vector<double>> p = {{"x", {1, 2, 3, 4, 5, 7}},
                                                  {"alpha", {0.3, -0.2}},
                                                  {"mu", {0, 1, 2, 3}},
                                                  {"q", {0.1, 0.2, 0.3, -0.4}},
                                                  {"l", {0.5, -0.6}},
                                                  {"m", {1}},
                                                  {"gamma", {1}}};
  const std::map<std::string, std::int64_t> sizes = {{"D", 2}, {"K", 2}, {"N", 3}};
  for (const char* name : {"alpha", "mu", "q", "l"}) {
    const auto gradient = values(c, std::string("d_") + name, p, sizes);
    ASSERT_EQ(gradient.size(), p[name].size());
    for (std::size_t k = 0; k < gradient.size(); ++k) {
      const double h = 1e-5, at = p[name][k];
      p[name][k] = at + h;
      const double above = values(c, "F", p, sizes)[0];
      p[name][k] = at - h;
      const double below = values(c, "F", p, sizes)[0];
      p[name][k] = at;
      EXPECT_NEAR(gradient[k], (above - below) / (2 * h), 1e-6) << name << " " << k;
    }
  }
}

}  // namespace
}  // namespace gradc::test
