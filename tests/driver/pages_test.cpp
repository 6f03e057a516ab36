// Pages for browsers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/driver/command.h"
#include "tests/driver/count.h"

namespace gradc::test {
namespace {

// The page without KaTeX's own script and styles.
std::string own_part(const std::string& page) {
  const std::size_t begin = page.find("<body>");
  return page.substr(begin, page.find("<script>", begin) - begin);
}

TEST_F(Command, WritesAPageThatStandsAlone) {
  const Outcome made = gradc("diff samples/13_hidden_layer.grad --steps --update --format html -o page.html");
  EXPECT_EQ(made.status, 0) << made.err;
  const std::string page = read("page.html"), body = own_part(page);
  EXPECT_TRUE(page.starts_with("<!DOCTYPE html>"));
  EXPECT_TRUE(page.ends_with("</html>\n"));
  for (const char* part : {"model", "equations", "derivatives", "steps", "update", "graph"})
    EXPECT_NE(body.find("<section id=\"" + std::string(part) + "\">"), std::string::npos) << part;
  EXPECT_NE(body.find("z0[h] = sum(d) x[d] * w0[d, h] + b0[h]"), std::string::npos) << "the model's text";
  EXPECT_NE(body.find("data-latex=\"\\begin{align*}"), std::string::npos);
  EXPECT_NE(body.find("<math "), std::string::npos);
  EXPECT_NE(body.find("<svg "), std::string::npos);
  EXPECT_NE(page.find("prefers-color-scheme: dark"), std::string::npos);
  // Nothing is fetched: no file beside the page, no address but those of XML's name spaces.
  EXPECT_EQ(page.find("url(fonts/"), std::string::npos);
  EXPECT_EQ(page.find("<link"), std::string::npos);
  EXPECT_EQ(page.find("src=\"http"), std::string::npos);
  EXPECT_EQ(count_of(page, "font/woff2;base64,"), 9u);
}

TEST_F(Command, ShowsClaimsWithTheirVerdicts) {
  write("claims.grad", "input x\ny = x^2\nclaim diff(y, x) = 2*x\nclaim diff(y, x) = 3*x\nminimize y\n");
  const std::string body = own_part(gradc("diff claims.grad --wrt x --format html").out);
  EXPECT_NE(body.find("<td class=\"proved\">proved</td>"), std::string::npos) << body;
  EXPECT_NE(body.find("<td class=\"wrong\">wrong</td>"), std::string::npos) << body;
  EXPECT_NE(body.find("=2x\""), std::string::npos) << body;
}

// What stands in a model is text in the page, whatever it says.
TEST_F(Command, LetsNothingOutOfAModelIntoItsPages) {
  write("break.grad",
        "# </code></pre><script>alert(1)</script> <!-- \\input{/etc/passwd} \\end{document} $x$ %\n"
        "input x \"</script><script>alert(2)</script>\"\n"
        "param verb, script_, end_document\n"
        "E = (verb*x + script_ - end_document)^2  # \" onload=\"alert(3)\n"
        "minimize E\n");
  const Outcome html = gradc("diff break.grad --format html");
  EXPECT_EQ(html.status, 0) << html.err;
  const std::string body = own_part(html.out);
  EXPECT_EQ(count_of(body, "<script"), 0u);
  EXPECT_EQ(body.find("\" onload"), std::string::npos);
  EXPECT_NE(body.find("&lt;script&gt;alert(1)&lt;/script&gt;"), std::string::npos);
  EXPECT_EQ(count_of(html.out, "<script>"), 2u);  // ours
}

}  // namespace
}  // namespace gradc::test
