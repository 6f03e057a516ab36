// Formulas as MathML: the boxes that LaTeX means, and well-formed XML of every formula that is printed.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/mathml.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/support/golden.h"

namespace gradc {
namespace {

namespace fs = std::filesystem;

// What stands in <math>.
std::string written(std::string_view latex) {
  std::string text = mathml_inline(latex);
  text.erase(0, text.find('>') + 1);
  return text.substr(0, text.rfind('<'));
}

TEST(MathMl, WritesWhatStandsBesideAboveAndUnder) {
  EXPECT_EQ(written("x_{0}"), "<msub><mi>x</mi><mn>0</mn></msub>");
  EXPECT_EQ(written(R"(\frac{1}{2}x^{2})"),
            "<mrow><mfrac><mn>1</mn><mn>2</mn></mfrac><msup><mi>x</mi><mn>2</mn></msup></mrow>");
  EXPECT_EQ(written(R"(\tfrac12)"), "<mfrac><mn>1</mn><mn>2</mn></mfrac>");
  EXPECT_EQ(written(R"(\delta^{z_{0}}_{h})"),
            "<msubsup><mi>δ</mi><mi>h</mi><msub><mi>z</mi><mn>0</mn></msub></msubsup>");
  EXPECT_EQ(written(R"(\sum_{k=0}^{9}a_{k})"),
            "<mrow><munderover><mo>∑</mo><mrow><mi>k</mi><mo>=</mo><mn>0</mn></mrow><mn>9</mn></munderover>"
            "<msub><mi>a</mi><mi>k</mi></msub></mrow>");
  EXPECT_EQ(written(R"(\sqrt[3]{x})"), "<mroot><mi>x</mi><mn>3</mn></mroot>");
  EXPECT_EQ(written(R"(f''\left(x\right))"),
            "<mrow><msup><mi>f</mi><mo>″</mo></msup><mrow><mo fence=\"true\" form=\"prefix\" "
            "stretchy=\"true\">(</mo><mi>x</mi><mo fence=\"true\" form=\"postfix\" stretchy=\"true\">)</mo>"
            "</mrow></mrow>");
  EXPECT_EQ(written(R"(\mathrm{loss}-\hat{y})"),
            "<mrow><mi>loss</mi><mo>−</mo><mover accent=\"true\"><mi>y</mi><mo stretchy=\"false\">^</mo>"
            "</mover></mrow>");
}

TEST(MathMl, EscapesWhatXmlWouldRead) {
  EXPECT_EQ(written("a<b"), "<mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi></mrow>");
  EXPECT_EQ(written(R"(\text{<script>\&})"), "<mtext>&lt;script&gt;&amp;</mtext>");
  EXPECT_EQ(escaped_xml("<a href=\"'&\">"), "&lt;a href=&quot;&#39;&amp;&quot;&gt;");
}

// The check, in Python, knows how many parts each element of MathML has.
TEST(MathMl, EveryGoldenFormulaIsWellFormed) {
  const fs::path file = fs::path(GRADC_BINARY_DIR) / "golden_formulas.xml";
  std::ofstream out(file);
  out << "<formulas>\n";
  int count = 0;
  for (const char* folder : {"derivation", "matrix"})
    for (const auto& entry : fs::directory_iterator(fs::path(GRADC_SOURCE_DIR) / "tests/golden" / folder))
      if (entry.path().extension() == ".expected") {
        const std::string blocks = mathml_blocks(test::read_file(entry.path()));
        EXPECT_NE(blocks, "") << entry.path();
        out << blocks;
        ++count;
      }
  out << "</formulas>\n";
  out.close();
  EXPECT_GE(count, 80);
  const std::string command =
      "/usr/bin/python3 '" GRADC_SOURCE_DIR "/tests/render/check_mathml.py' '" + file.string() + "'";
  EXPECT_EQ(std::system(command.c_str()), 0);
}

}  // namespace
}  // namespace gradc
