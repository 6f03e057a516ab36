// How single expressions look on paper and as text. The terms are written in the notation of dumps.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include "compiler/operators/build.h"
#include "compiler/render/read_dump.h"
#include "compiler/render/term_printer.h"

namespace gradc {
namespace {

struct Case {
  const char* term;
  const char* latex;
  const char* text;
};

const std::string declarations =
    "dim D = 3\ndim K\ndim T sequence\n"
    "input x\ninput y\nparam z1\nparam a0\nparam theta_0\nparam rate\n"
    "input v[D]\nparam w0[D, K]\nconst parent[D] in K\nconst label in K\nparam s[T]\nparam p[K]\n";

struct Terms : testing::TestWithParam<Case> {};
TEST_P(Terms, PrintAsAPersonWould) {
  Context context;
  const Source source("test.dump",
                      declarations + "q[d in D, k in K, t in T] = " + GetParam().term + "\noutput q\n");
  const Result<System> system = read_dump(context, source);
  ASSERT_TRUE(system) << render(system.diagnostics(), std::span(&source, 1));
  const Expr e = system->definitions().back().define()->value;
  EXPECT_EQ(latex(e), GetParam().latex);
  EXPECT_EQ(text(e), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    Arithmetic, Terms,
    testing::Values(
        Case{"3*(x^2 + x)^2*(2*x + 1)", R"(3\left(x^{2}+x\right)^{2}\left(2x+1\right))",
             "3*(x^2 + x)^2*(2*x + 1)"},
        Case{"(2*x + 1)*(x^2 + x)^2*3", R"(3\left(2x+1\right)\left(x^{2}+x\right)^{2})",
             "3*(2*x + 1)*(x^2 + x)^2"},
        Case{"a0*(1 - a0)", R"(a_{0}\left(1-a_{0}\right))", "a0*(1 - a0)"},
        Case{"1/2*(z1 - y)^2", R"(\frac{1}{2}\left(z_{1}-y\right)^{2})", "1/2*(z1 - y)^2"},
        Case{"x + -1*y", "x-y", "x - y"}, Case{"x - (-y)", "x+y", "x + y"}, Case{"-x - y", "-x-y", "-x - y"},
        Case{"x - (y + z1)", R"(x-\left(y+z_{1}\right))", "x - (y + z1)"},
        Case{"x + (y + z1)", "x+y+z_{1}", "x + y + z1"}, Case{"-(x + y)", R"(-\left(x+y\right))", "-(x + y)"},
        Case{"-(x*y)^2", R"(-\left(xy\right)^{2})", "-(x*y)^2"},
        Case{"(-x)^2", R"(\left(-x\right)^{2})", "(-x)^2"},
        Case{"(-2)^2", R"(\left(-2\right)^{2})", "(-2)^2"}, Case{"x*y^-1", R"(\frac{x}{y})", "x/y"},
        Case{"x^-2", R"(\frac{1}{x^{2}})", "1/x^2"},
        Case{"x / (2*y*z1)", R"(\frac{x}{2yz_{1}})", "x/(2*y*z1)"},
        Case{"1/2*x / y", R"(\frac{x}{2y})", "x/(2*y)"}, Case{"(x + y) / 2", R"(\frac{x+y}{2})", "(x + y)/2"},
        Case{"(x / y)^2", R"(\left(\frac{x}{y}\right)^{2})", "(x/y)^2"},
        Case{"x / y*z1", R"(\frac{xz_{1}}{y})", "x*z1/y"}, Case{"x^(1/2)", R"(\sqrt{x})", "sqrt(x)"},
        Case{"sqrt(x + y)", R"(\sqrt{x+y})", "sqrt(x + y)"}, Case{"x^(1/3)", R"(\sqrt[3]{x})", "x^(1/3)"},
        Case{"x^(-1/2)", R"(\frac{1}{\sqrt{x}})", "1/sqrt(x)"}, Case{"x^(y + 1)", "x^{y+1}", "x^(y + 1)"},
        Case{"2*3*x", R"(2\cdot 3x)", "2*3*x"}, Case{"2*2^x", R"(2\cdot 2^{x})", "2*2^x"},
        Case{"1*x", "x", "x"}, Case{"x*2", "2x", "2*x"}, Case{"theta_0*x", R"(\theta_{0}x)", "theta_0*x"},
        Case{"rate*x*rate", R"(\mathrm{rate}\,x\,\mathrm{rate})", "rate*x*rate"},
        Case{"-1/2", R"(-\frac{1}{2})", "-1/2"}, Case{"x*pi()", R"(x\pi)", "x*pi"},
        Case{"2*pi()*x", R"(2\pi x)", "2*pi*x"}));

INSTANTIATE_TEST_SUITE_P(
    Functions, Terms,
    testing::Values(Case{"exp(-x^2 / 2)", R"(e^{-\frac{x^{2}}{2}})", "exp(-x^2/2)"},
                    Case{"exp(x)^2", R"(\left(e^{x}\right)^{2})", "exp(x)^2"},
                    Case{"sigmoid(x)*(1 - sigmoid(x))",
                         R"(\sigma\left(x\right)\left(1-\sigma\left(x\right)\right))",
                         "sigmoid(x)*(1 - sigmoid(x))"},
                    Case{"log(x)*x", R"(x\log\left(x\right))", "x*log(x)"},
                    Case{"max(x, -y)", R"(\max\left(x,-y\right))", "max(x, -y)"},
                    Case{"abs(x - y)", R"(\left|x-y\right|)", "abs(x - y)"},
                    Case{"if x < 0.0 then -x else x",
                         R"(\begin{cases}-x&\text{if }x<0\\x&\text{otherwise}\end{cases})",
                         "if x < 0 then -x else x"},
                    Case{"2*(if x < 0.0 then 1 else if x == 0.0 then 2 else 3)",
                         R"(2\begin{cases}1&\text{if }x<0\\2&\text{if }x=0\\3&\text{otherwise}\end{cases})",
                         "2*(if x < 0 then 1 else if x == 0 then 2 else 3)"},
                    Case{"p[k] - (if k == label then 1 else 0)", R"(p_{k}-\left[k=\mathrm{label}\right])",
                         "p[k] - (if k == label then 1 else 0)"}));

INSTANTIATE_TEST_SUITE_P(
    Reductions, Terms,
    testing::Values(
        Case{"sum(i in D) v[i]*w0[i, k]", R"(\sum_{i}v_{i}w_{0,ik})", "sum(i) v[i]*w0[i, k]"},
        Case{"sum(i in D) (v[i] + x) + y", R"(\sum_{i}\left(v_{i}+x\right)+y)", "sum(i) (v[i] + x) + y"},
        Case{"(sum(i in D) v[i])*x", R"(x\sum_{i}v_{i})", "x*sum(i) v[i]"},
        Case{"(sum(i in D) v[i])^2", R"(\left(\sum_{i}v_{i}\right)^{2})", "(sum(i) v[i])^2"},
        Case{"(sum(i in D) v[i])*(sum(j in D) v[j])", R"(\left(\sum_{i}v_{i}\right)\sum_{i}v_{i})",
             "(sum(i) v[i])*sum(i) v[i]"},
        Case{"(sum(i in D) v[i]) / to_real(#D)", R"(\frac{1}{D}\sum_{i}v_{i})", "1/D*sum(i) v[i]"},
        Case{"exp(p[k]) / (sum(j in K) exp(p[j]))", R"(\frac{e^{p_{k}}}{\sum_{j}e^{p_{j}}})",
             "exp(p[k])/(sum(j) exp(p[j]))"},
        Case{"sum(i in D, j in K) w0[i, j]", R"(\sum_{i,j}w_{0,ij})", "sum(i, j) w0[i, j]"},
        Case{"sum(n in 1..<10) to_real(n)", R"(\sum_{n=1}^{9}n)", "sum(n in 1..9) n"},
        Case{"sum(n in 0..<t + 1) x^to_real(n)", R"(\sum_{n=0}^{t}x^{n})", "sum(n in 0..t) x^n"},
        Case{"sum(u in T if u <= t) s[u]", R"(\sum_{u\le t}s_{u})", "sum(u if u <= t) s[u]"},
        Case{"sum(u in T if t < u) s[u]", R"(\sum_{u>t}s_{u})", "sum(u if t < u) s[u]"},
        Case{"sum(i in D if parent[i] == k) v[i]", R"(\sum_{i:\,\mathrm{parent}_{i}=k}v_{i})",
             "sum(i if parent[i] == k) v[i]"},
        Case{"max(j in K) p[j]", R"(\max_{j}p_{j})", "max(j) p[j]"},
        Case{"sum(i in D) -v[i]", R"(\sum_{i}\left(-v_{i}\right))", "sum(i) (-v[i])"},
        Case{"p[parent[d]]", R"(p_{\mathrm{parent}_{d}})", "p[parent[d]]"},
        Case{"w0[d, 1]", "w_{0,d,1}", "w0[d, 1]"}, Case{"s[2*t + 1]", "s_{2t+1}", "s[2*t + 1]"},
        Case{"to_real(d)*x", "dx", "d*x"}));

TEST(TermPrinter, LongTermsNameTheirParts) {
  Context c;
  const TensorId x = c.add_tensor({.name = "x", .role = Role::input, .dims = {}});
  Expr e = c.access(x);
  for (int k = 0; k < 200; ++k) e = sigmoid(e * e + Rational(1));
  const std::string printed = latex(e);
  EXPECT_LT(printed.size(), 40000u);
  EXPECT_NE(printed.find("u_{1}="), std::string::npos);
}

TEST(TermPrinter, NamedPartsBearTheIndicesTheyDependOn) {
  Context c;
  const DimId d = c.add_dim({.name = "D", .kind = Dim::Kind::fixed, .size = c.integer(3)});
  const TensorId v = c.add_tensor({.name = "v", .role = Role::input, .dims = {d}});
  const Binder i = c.over(d, "i");
  Expr e = c.access(v, {c.position(i.index)});
  for (int k = 0; k < 9; ++k) e = sigmoid(e * e + Rational(1));
  const std::string printed = latex(sum({i}, e));
  EXPECT_NE(printed.find("u_{1,i}="), std::string::npos) << printed;
}

TEST(TermPrinter, DeepTermsNeedNoStack) {
  Context c;
  const TensorId x = c.add_tensor({.name = "x", .role = Role::input, .dims = {}});
  Expr e = c.access(x), chain = e;
  for (int k = 0; k < 100000; ++k) {
    e = exp(e);
    chain = chain + c.access(x);
  }
  EXPECT_GT(latex(e).size(), 100000u);
  EXPECT_EQ(text(chain).size(), 4u * 100000 + 1);
}

}  // namespace
}  // namespace gradc
