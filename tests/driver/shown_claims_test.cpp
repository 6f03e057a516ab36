// Claims beside the derivation that they are about.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/driver/command.h"
#include "tests/driver/count.h"

namespace gradc::test {
namespace {

constexpr const char* model = R"(dim N = 3
param A[N, N], b[N]
cube(x) = x^3
  deriv x: 3*x^2
S[i, j] = A[i, j] + A[j, i]
E = logdet(S) + dot(b, b) + cube(b[0])
claim diff(E, A)[i, j] = 2*inv(S)[i, j]
claim det(S @ S) = det(S)^2
claim diff(E, b)[i] = 2*b[i]
claim diff(E, b[1]) = ___
)";

TEST_F(Command, PrintsClaimsBelowADerivation) {
  write("claims.grad", model);
  const std::string text = gradc("diff claims.grad").out;
  EXPECT_NE(text.find("\nClaim (proved): deriv x: 3*x^2\n"), std::string::npos) << text;
  EXPECT_NE(text.find("points): det(S @ S) = det(S)^2\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\nClaim (wrong): diff(E, b)[i] = 2*b[i]\n  at b = ["), std::string::npos) << text;
  EXPECT_NE(text.find("\nClaim (open): diff(E, b[1]) = ___\n"), std::string::npos) << text;
}

// What the file gives no name is written out.
TEST_F(Command, PrintsClaimsAsABookWould) {
  write("claims.grad", model);
  const std::string latex = gradc("diff claims.grad --format latex").out;
  for (const char* line : {R"(\text{Claim (proved):}\quad&\text{deriv x: }3x^{2}\\)",
                           R"(&\frac{\partial E}{\partial A_{ij}}=2\left(S^{-1}\right)_{ij}\\)",
                           R"( points):}\quad&\det \left(SS\right)=\left(\det S\right)^{2}\\)",
                           R"(\text{Claim (wrong):}\quad&\frac{\partial E}{\partial b_{i}}=2b_{i}\\)",
                           R"(\text{Claim (open):}\quad&\text{diff(E, b[1]) = \_\_\_})"})
    EXPECT_NE(latex.find(line), std::string::npos) << line << "\n" << latex;
  write("paper.tex",
        "\\documentclass{article}\n\\usepackage{amsmath,amssymb}\n\\setlength{\\textwidth}{170mm}\n"
        "\\begin{document}\n" +
            latex + "\\end{document}\n");
  const std::string log = shell("pdflatex -halt-on-error paper.tex").out;
  EXPECT_NE(log.find("Output written on"), std::string::npos) << log;
  EXPECT_EQ(log.find("Overfull"), std::string::npos) << log;
  EXPECT_EQ(count_of(gradc("diff claims.grad --format mathml").out, "<math "), 2u);
}

TEST_F(Command, ShowsClaimsInAPage) {
  write("claims.grad", model);
  const std::string page = gradc("diff claims.grad --format html").out;
  EXPECT_EQ(count_of(page, "<td class=\"proved\">proved</td>"), 1u);
  EXPECT_NE(page.find("<td class=\"wrong\">wrong</td>"), std::string::npos);
  EXPECT_NE(page.find("the left side is <span data-latex="), std::string::npos);
}

TEST_F(Command, SaysWhatAWrongClaimLacks) {
  write("lacks.grad", "input x\ny = x^3\nclaim diff(y, x) = 2*x^2\n");
  EXPECT_NE(gradc("diff lacks.grad").out.find("; the right side lacks the factor 3/2\n"), std::string::npos);
  EXPECT_NE(gradc("diff lacks.grad --format latex").out.find("lacks the factor }\\frac{3}{2}"),
            std::string::npos);
}

}  // namespace
}  // namespace gradc::test
