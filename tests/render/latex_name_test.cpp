// Names on paper, and that no name can be a command.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/latex_name.h"

#include <gtest/gtest.h>

namespace gradc {
namespace {

TEST(LatexName, LettersGreekAccentsAndNumbers) {
  const std::pair<const char*, const char*> cases[] = {
      {"x", "x"},
      {"w0", "w_{0}"},
      {"theta", "\\theta"},
      {"theta_0", "\\theta_{0}"},
      {"theta0", "\\theta_{0}"},
      {"θ", "\\theta"},
      {"θ_1", "\\theta_{1}"},
      {"Gamma", "\\Gamma"},
      {"yhat", "\\hat{y}"},
      {"y_hat", "\\hat{y}"},
      {"zbar", "\\bar{z}"},
      {"zbar_2", "\\bar{z}_{2}"},
      {"thetahat", "\\hat{\\theta}"},
      {"loss", "\\mathrm{loss}"},
      {"layer1", "\\mathrm{layer}_{1}"},
      {"x_max", "x_{\\mathrm{max}}"},
      {"sigma_x_1", "\\sigma_{x,1}"},
      {"x_theta", "x_{\\theta}"},
      {"é", "\\acute{e}"},
      {"Δy", "\\mathrm{\\Delta y}"},
      {"日", "\\mathrm{u65E5}"},
      {"𝔸", "\\mathrm{u01D538}"},
      {"y.i", "\\mathrm{y.i}"},
  };
  for (const auto& [name, expected] : cases) EXPECT_EQ(latex_name(name).whole(), expected) << name;
}

// pitfalls 88: a name must not become TeX.
TEST(LatexName, NothingBreaksOut) {
  for (const char* name : {"\\input{x}", "$x$", "a}b", "a{b", "a%b", "a&b", "a#b", "a^b", "a~b", "a b", "_x",
                           "x_", "x__y", "", "'", "\xFF\xFE", "\\write18{rm}"}) {
    const std::string whole = latex_name(name).whole();
    int depth = 0;
    for (std::size_t i = 0; i < whole.size(); ++i) {
      EXPECT_EQ(std::string("$%&#~^").find(whole[i]), std::string::npos) << whole;
      if (whole[i] == '\\') {
        EXPECT_TRUE(whole.substr(i, 7) == "\\mathrm" || whole.substr(i, 2) == "\\_") << whole;
      }
      if (whole[i] == '{') ++depth;
      if (whole[i] == '}') --depth;
      EXPECT_GE(depth, 0) << whole;
    }
    EXPECT_EQ(depth, 0) << whole;
  }
}

TEST(LatexName, BlankAfterCommandWordsOnly) {
  std::string out = "\\theta";
  append_latex(out, "x");
  EXPECT_EQ(out, "\\theta x");
  out = "\\theta";
  append_latex(out, "\\left(");
  EXPECT_EQ(out, "\\theta\\left(");
  out = "x_{0}";
  append_latex(out, "y");
  EXPECT_EQ(out, "x_{0}y");
}

TEST(LatexName, TextIsEscaped) {
  EXPECT_EQ(latex_text("chain rule through a_0 & 50% of $x"), "chain rule through a\\_0 \\& 50\\% of \\$x");
  EXPECT_EQ(latex_text("3*x^2 ~ \"y\""), "3*x\\textasciicircum{}2 \\textasciitilde{} \"y\"");
  EXPECT_EQ(latex_text("\\input{x}").find("\\input"), std::string::npos);
}

}  // namespace
}  // namespace gradc
