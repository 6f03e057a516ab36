// Where a statement ends: the rule of token_stream.h, case by case.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include "grammar/parse.h"
#include "grammar/print.h"

namespace gradc {
namespace {

std::string read(const std::string& text) {
  const Sources sources{Source("m.grad", text)};
  const auto program = parse(sources[0]);
  return program ? syntax::print(*program) : render(program.diagnostics(), sources);
}

struct Case {
  const char* text;
  const char* read_as;
};

TEST(Lines, EndAStatementOrGoOn) {
  for (const Case& c : {
           Case{"a = 1\nb = 2", "a = 1\nb = 2\n"},
           Case{"a = 1\n\n\nb = 2\n\n", "a = 1\nb = 2\n"},
           Case{"a = 1 # + 2\n# - 3\nb = 2", "a = 1\nb = 2\n"},
           // an open bracket, also across blank lines
           Case{"a = f(x\n\n, y\n)\nb = 2", "a = f(x, y)\nb = 2\n"},
           Case{"a = x[\ni\n]\nb = 2", "a = x[i]\nb = 2\n"},
           // a line that needs more
           Case{"a = 1 -\n2", "a = 1 - 2\n"},
           Case{"a =\n# why\n2", "a = 2\n"},
           Case{"a = not\nb", "a = not b\n"},
           Case{"f(x) = x\nderiv x:\n1", "f(x) = x\nderiv x: 1\n"},
           Case{"dim D,\nH", "dim D, H\n"},
           Case{"param w init\n0", "param w init 0\n"},
           // a line that cannot start a statement
           Case{"a = 1\n- 2\n* 3", "a = 1 - 2 * 3\n"},
           Case{"a\n= 1", "a = 1\n"},
           Case{"a = b\nor c\nand d", "a = b or c and d\n"},
           Case{"a = x\nwhere x = 1\nfor i in D", "a = x where x = 1 for i in D\n"},
           Case{"a = x[1\n..2]", "parse error"},  // `..` is no operator of expressions
           Case{"a = sum(i in 0\n..\n3) x[i]", "a = sum(i in 0..3) x[i]\n"},
           // neither crosses a blank line
           Case{"a = 1 +\n\n2", "parse error"},
           Case{"a = 1\n\n- 2", "parse error"},
           Case{"a = 1 +\n#\n2", "a = 1 + 2\n"},
           // a bracket may start a statement, a head word always does
           Case{"a = 1\n(x, y) = iterate x = 0 to 1, y = 1 to 2 until x at most 2",
                "a = 1\n(x, y) = iterate x = 0 to 1, y = 1 to 2 until x at most 2\n"},
           Case{"a = (1\nminimize b", "parse error"},
           Case{"a = 1 +\nminimize b", "parse error"},
           // inside train
           Case{"train { a = 1, b = 2 }", "train {\n  a = 1\n  b = 2\n}\n"},
           Case{"train {\n\n a = 1\n + 2\n\n b = f(1,\n 2) }\nc = 3",
                "train {\n  a = 1 + 2\n  b = f(1, 2)\n}\nc = 3\n"},
           Case{"train { a = 1,\n }", "train {\n  a = 1\n}\n"},
           // windows, and indentation that means nothing
           Case{"a = 1\r\n  b = 2 +\r\n3\r\n", "a = 1\nb = 2 + 3\n"},
           Case{"    a = 1\n  b = 2\n\tc = 3", "a = 1\nb = 2\nc = 3\n"},
       }) {
    const std::string result = read(c.text);
    if (std::string_view(c.read_as) == "parse error")
      EXPECT_NE(result.find(": error: "), std::string::npos) << c.text << "\nis read as\n" << result;
    else
      EXPECT_EQ(result, c.read_as) << c.text;
  }
}

TEST(Lines, WordsThatAreFreeAsNames) {
  EXPECT_EQ(read("at = most\nmost = at\nsum = 1\nbatch = pi + stop + diff\nunused_in = 2\ninα = 1"),
            "at = most\nmost = at\nsum = 1\nbatch = pi + stop + diff\nunused_in = 2\ninα = 1\n");
}

TEST(Lines, TreeSaysWhereThingsStand) {
  const Source source("m.grad", "θ = 1\ny = (a + θ)*b[i]\nmetric m = y'\n");
  const auto program = parse(source, 3);
  ASSERT_TRUE(program);
  const syntax::Statement& y = program->statements[1];
  EXPECT_EQ(source.slice(y.range), "y = (a + θ)*b[i]");
  const auto& product = std::get<syntax::Binary>((*program)[std::get<syntax::Equation>(y.kind).value].kind);
  EXPECT_EQ(source.slice((*program)[product.left].range), "(a + θ)");
  EXPECT_TRUE((*program)[product.left].parenthesized);
  EXPECT_EQ(source.slice((*program)[product.right].range), "b[i]");
  EXPECT_EQ(source.slice(product.op_range), "*");
  EXPECT_EQ(source.place(product.op_range.begin).column, 12u);
  EXPECT_EQ(product.op_range.file, 3u);
  EXPECT_EQ(source.slice(program->statements[2].range), "metric m = y'");
}

}  // namespace
}  // namespace gradc
