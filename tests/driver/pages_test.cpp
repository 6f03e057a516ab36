// Pages for browsers and for print.
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
  EXPECT_NE(body.find("data-latex=\"=\\sigma\\left(z_{0,h}\\right)\""), std::string::npos);
  EXPECT_NE(body.find("definition of <span data-latex=\"z_{1}\">"), std::string::npos);
  EXPECT_NE(body.find("<math "), std::string::npos);
  EXPECT_NE(body.find("<svg "), std::string::npos);
  EXPECT_NE(page.find("prefers-color-scheme: dark"), std::string::npos);
  // Nothing is fetched: no file beside the page, no address but those of XML's name spaces.
  EXPECT_EQ(page.find("url(fonts/"), std::string::npos);
  EXPECT_EQ(page.find("<link"), std::string::npos);
  EXPECT_EQ(page.find("src=\"http"), std::string::npos);
  EXPECT_EQ(count_of(page, "font/woff2;base64,"), 9u);
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

TEST_F(Command, WritesAPageForPrint) {
  const Outcome made = gradc("diff samples/13_hidden_layer.grad --steps --update --format pdf -o page.pdf");
  EXPECT_EQ(made.status, 0) << made.err;
  EXPECT_EQ(made.err, "");
  EXPECT_TRUE(read("page.pdf").starts_with("%PDF-"));
  EXPECT_EQ(gradc("diff samples/13_hidden_layer.grad --format pdf").out.substr(0, 5), "%PDF-");
}

TEST_F(Command, LetsNothingOutOfAModelIntoItsPrintedPages) {
  write("secret.tex", "\\typeout{escaped}\\immediate\\openout7=escaped.txt");
  write("break.grad",
        "# \\input{secret} \\end{document} $x$ % ^^5cinput{secret} ~ & # \" ' ` < > \xE2\x88\x91 \xCE\xB8 "
        "\xE4\xB8\xAD\n"
        "input x \"$x$ % }{ input{secret}\"\n"
        "param input_, verb, end_document\n"
        "E = (verb*x + input_ - end_document)^2  # }}} \\egroup\\input{secret}\n"
        "minimize E\n");
  // What TeX logs goes where a test can see it.
  write("pdflatex", "#!/bin/sh\n/usr/bin/env PATH=\"${PATH#*:}\" pdflatex \"$@\" | tee log.txt\n");
  const Outcome made =
      shell("chmod +x pdflatex; PATH=\"$PWD:$PATH\" gradc diff break.grad --format pdf -o break.pdf");
  EXPECT_EQ(made.status, 0) << made.err;
  EXPECT_TRUE(read("break.pdf").starts_with("%PDF-"));
  const std::string log = read("log.txt");
  EXPECT_NE(log.find("Output written on"), std::string::npos) << log;
  EXPECT_EQ(log.find("secret"), std::string::npos) << log;
  EXPECT_EQ(log.find("escaped"), std::string::npos) << log;
}

TEST_F(Command, SaysWhyThereIsNoPageForPrint) {
  const std::string diff = "diff samples/01_square.grad --format pdf";
  expect_refused(shell("gradc=$(command -v gradc); PATH=/nowhere \"$gradc\" " + diff), 1, "[E613]");
  write("pdflatex", "#!/bin/sh\necho '! Emergency stop.'\nexit 1\n");
  const Outcome failed = shell("chmod +x pdflatex; PATH=\"$PWD:$PATH\" gradc " + diff + " -o page.pdf");
  expect_refused(failed, 1, "[E614]");
  EXPECT_NE(failed.err.find("it says: ! Emergency stop."), std::string::npos) << failed.err;
  EXPECT_FALSE(std::filesystem::exists(folder() / "page.pdf"));
  EXPECT_NE(shell("script -qec 'gradc " + diff + "' /dev/null").out.find("[E615]"), std::string::npos);
}

TEST_F(Command, PrintsCodeForSympy) {
  const Outcome made = gradc("diff samples/13_hidden_layer.grad --format sympy");
  EXPECT_EQ(made.status, 0) << made.err;
  EXPECT_NE(made.out.find("\nw0 = sp.IndexedBase(\"w0\", shape=(D, H), real=True)\n"), std::string::npos)
      << made.out;
  EXPECT_NE(made.out.find("\ndef dE_dz0(h):\n    return dE_dz1*w1[h]*a0(h)*(1 - a0(h))\n"), std::string::npos)
      << made.out;
  // Words of Python are no names there.
  write("words.grad", "input lambda, sp\nparam class\nreturn = lambda*class + sp\nminimize return\n");
  const std::string words = gradc("diff words.grad --format sympy").out;
  EXPECT_NE(words.find("\nreturn_ = "), std::string::npos) << words;
  EXPECT_NE(words.find("lambda_ = sp.Symbol(\"lambda_\", real=True)"), std::string::npos) << words;
  EXPECT_NE(words.find("sp_ = "), std::string::npos) << words;
  for (const char* more : {"--steps", "--update", "--at x=2", "--style matrix"})
    expect_refused(gradc(std::string("diff samples/01_square.grad --format sympy ") + more), 1,
                   "code for SymPy has the equations alone [E616]");
  EXPECT_NE(gradc("diff samples/21_dropout.grad --format sympy").out.find("  # drawn: bernoulli(keep)\n"),
            std::string::npos);
  EXPECT_NE(gradc("diff samples/41_multivariate_normal.grad --format sympy")
                .out.find("\n    return lower_factor(sp.Matrix(D, D, lambda row, column: S(row, column)))\n"),
            std::string::npos);
  expect_refused(gradc("diff samples/33_newton.grad --format sympy"), 1,
                 "SymPy has no form for `converged` [E616]");
}

}  // namespace
}  // namespace gradc::test
