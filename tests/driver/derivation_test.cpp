// Derivations step by step, and with numbers put in.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <nlohmann/json.hpp>

#include "tests/driver/command.h"

namespace gradc::test {
namespace {

// What follows the derivation itself.
std::string steps_of(const std::string& out) {
  const std::size_t first = out.find("(1)");
  return first == out.npos ? out : out.substr(first);
}

TEST_F(Command, DerivesAPolynomialByTheRulesOfAFirstCourse) {
  EXPECT_EQ(steps_of(gradc("diff samples/02_polynomial.grad --steps").out),
            R"((1)   df/dx = d/dx (3*x^4 + 2*x^2)                              [definition of f (line 11)]
(2)         = d/dx (3*x^4) + d/dx (2*x^2)                       [sum rule]
(3)         = 3*d/dx x^4 + 2*d/dx x^2                           [constant factor rule]
(4)         = 3*4*x^3 + 2*2*x                                   [power rule]
(5)         = 12*x^3 + 4*x                                      [collect terms]
)");
}

TEST_F(Command, DerivesABracketByTheChainRule) {
  EXPECT_EQ(steps_of(gradc("diff samples/05_chain_rule.grad --steps").out),
            R"((1)   df/dx = d/dx (x^2 + x)^3                                  [definition of f (line 16)]
(2)         = 3*(x^2 + x)^2*d/dx (x^2 + x)                      [power rule and chain rule]
(3)         = 3*(x^2 + x)^2*(d/dx x^2 + 1)                      [sum rule]
(4)         = 3*(x^2 + x)^2*(2*x + 1)                           [power rule]
)");
}

TEST_F(Command, DerivesThroughNames) {
  const std::string steps = steps_of(gradc("diff samples/06_chain_named.grad --steps").out);
  EXPECT_NE(steps.find("dz/dx = (dz/da)*(da/dx) "), std::string::npos) << steps;
  EXPECT_NE(steps.find("[chain rule through a]"), std::string::npos) << steps;
}

TEST_F(Command, EliminatesDeltas) {
  write("sum.grad", "dim D\ninput x[D]\nparam w[D]\nE = sum(d) x[d]*w[d]\n");
  EXPECT_EQ(steps_of(gradc("diff sum.grad --steps").out),
            R"((1)   dE/dw[d] = d/dw[d] (sum(i) x[i]*w[i])                     [definition of E (line 4)]
(2)            = sum(i) d/dw[d] (x[i]*w[i])                     [sum rule]
(3)            = sum(i) x[i]*(dw[i]/dw[d])                      [constant factor rule]
(4)            = sum(i) x[i]*(if i == d then 1 else 0)          [variables are independent]
(5)            = x[d]                                           [δ elimination]
)");
}

TEST_F(Command, DerivesThroughEarlierSteps) {
  write("walk.grad", "dim T = 3\nparam a\nh[0] = 1\nh[t + 1] = a*h[t] for t in T\nE = h[T]\n");
  const std::string steps = steps_of(gradc("diff walk.grad --steps").out);
  EXPECT_NE(steps.find("[definition of E (line 5), chain rule through h]"), std::string::npos) << steps;
}

TEST_F(Command, StepsForPrograms) {
  const nlohmann::json list =
      nlohmann::json::parse(gradc("diff samples/02_polynomial.grad --steps --json").out);
  const nlohmann::json& steps = list.at(1).at("steps");
  ASSERT_EQ(steps.size(), 5u);
  EXPECT_EQ(steps[2]["latex"], R"(3\frac{\partial}{\partial x}x^{4}+2\frac{\partial}{\partial x}x^{2})");
  EXPECT_EQ(steps[2]["rules"][0], "constant factor rule");
}

TEST_F(Command, PutsNumbersIn) {
  EXPECT_EQ(gradc("diff samples/05_chain_rule.grad --at x=-2").out,
            "f = (x^2 + x)^3\n"
            "  f = ((-2)^2 + (-2))^3 = 8\n"
            "\n"
            "df/dx = 3*(x^2 + x)^2*(2*x + 1)\n"
            "  df/dx = 3*((-2)^2 + (-2))^2*(2*(-2) + 1) = -36\n");
}

TEST_F(Command, PutsAnExampleOfTheDataIn) {
  const Outcome outcome = gradc("diff samples/12_sigmoid_perceptron.grad --data samples/data/or.csv --at 1");
  EXPECT_NE(outcome.out.find("  delta_z = (0.5 - 1)*0.5*(1 - 0.5) = -0.125\n"), std::string::npos)
      << outcome.out;
  EXPECT_NE(outcome.out.find("  dE/dw[2] = (-0.125)*1 = -0.125\n"), std::string::npos) << outcome.out;
}

TEST_F(Command, SaysWhatIsMissingToPutNumbersIn) {
  EXPECT_NE(gradc("diff samples/12_sigmoid_perceptron.grad --at 1").err.find("--data FILE"),
            std::string::npos);
  EXPECT_EQ(gradc("diff samples/12_sigmoid_perceptron.grad --at 1").status, 1);
  EXPECT_NE(
      gradc("diff samples/12_sigmoid_perceptron.grad --data samples/data/or.csv --at 8").err.find("0 to 7"),
      std::string::npos);
  EXPECT_NE(gradc("diff samples/05_chain_rule.grad --at x=[1,2]").err.find("one point"), std::string::npos);
  EXPECT_NE(gradc("diff samples/05_chain_rule.grad --at q=1").err.find("`q`"), std::string::npos);
}

TEST_F(Command, WritesOut) {
  EXPECT_EQ(gradc("diff samples/06_chain_named.grad --expand").out,
            "z = (x^2 + x)^3\n\ndz/dx = 3*(x^2 + x)^2*(2*x + 1)\n");
}

TEST_F(Command, TakesTheMeanOverABatch) {
  write("line.grad",
        "dim D\ninput x[D]\ntarget y\nparam w[D]\nz = sum(d) x[d]*w[d]\nE = (z - y)^2\nminimize E\n");
  EXPECT_EQ(gradc("diff line.grad --batch --format latex").out,
            R"(\begin{align*}
z^{(n)}&=\sum_{d}x^{(n)}_{d}w_{d}\\
E^{(n)}&=\left(z^{(n)}-y^{(n)}\right)^{2}\\
\bar{E}&=\frac{1}{B}\sum_{n}E^{(n)}\\[4pt]
\delta^{z,(n)}:=\frac{\partial \bar{E}}{\partial z^{(n)}}&=\frac{2\left(z^{(n)}-y^{(n)}\right)}{B}\\
\frac{\partial \bar{E}}{\partial w_{d}}&=\sum_{n}\delta^{z,(n)}x^{(n)}_{d}
\end{align*}
)");
  EXPECT_NE(gradc("diff line.grad --batch --style matrix --format latex")
                .out.find(R"(\nabla_{w}\bar{E}&=x^{\top}\delta^{z})"),
            std::string::npos);
  EXPECT_EQ(gradc("diff line.grad --batch --of z").status, 0);
  write("vector.grad", "dim D\ninput x[D]\ny = exp(x)\n");
  EXPECT_NE(gradc("diff vector.grad --of y --batch").err.find("has no mean"), std::string::npos);
}

TEST_F(Command, SaysHowTheOptimiserMovesParameters) {
  EXPECT_NE(gradc("diff samples/13_hidden_layer.grad --batch --update")
                .out.find("g = ∇_θ Ebar\nm ← β1 m + (1-β1) g, v ← β2 v + (1-β2) g^2, "
                          "θ ← θ - η (m/(1-β1^t))/(√(v/(1-β2^t))+ε)\n  for θ = w0, b0, w1, b1; "
                          "adam: η = 0.05, β1 = 0.9, β2 = 0.999, ε = 1e-08\n"),
            std::string::npos);
  expect_refused(gradc("diff samples/08_cubic.grad --update"), 1, "minimises nothing");
  EXPECT_NE(gradc("diff samples/09_fit_parabola.grad --update --format latex")
                .out.find(R"(\theta \leftarrow \theta - \eta\, g)"),
            std::string::npos);
}

TEST_F(Command, WritesFormulasIntoAFileWholeOrNotAtAll) {
  const Outcome shown = gradc("diff samples/13_hidden_layer.grad --format mathml --update");
  EXPECT_TRUE(shown.out.starts_with("<math xmlns=\"http://www.w3.org/1998/Math/MathML\"")) << shown.out;
  const Outcome written = gradc("diff samples/13_hidden_layer.grad --format mathml --update -o page.xml");
  EXPECT_EQ(written.status, 0);
  EXPECT_EQ(written.out + written.err, "");
  EXPECT_EQ(read("page.xml"), shown.out);
  // What stood there stays if the model has a mistake, and nothing is left beside it.
  write("wrong.grad", "input x\nf = x + y\n");
  EXPECT_EQ(gradc("diff wrong.grad -o page.xml").status, 1);
  EXPECT_EQ(read("page.xml"), shown.out);
  const Outcome nowhere = gradc("graph samples/01_square.grad -o nowhere/graph.dot");
  EXPECT_EQ(nowhere.status, 1);
  EXPECT_NE(nowhere.err.find("[E530]"), std::string::npos) << nowhere.err;
  for (const auto& entry : std::filesystem::directory_iterator(folder()))
    EXPECT_EQ(entry.path().string().find("tmp", folder().string().size()), std::string::npos) << entry.path();
}

TEST_F(Command, AsksForAClaimWhereThereIsNone) {
  write("plain.grad", "input x\nf = x^2\n");
  const Outcome outcome = gradc("claim plain.grad");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.err.find("[E612]"), std::string::npos) << outcome.err;
}

// The formulas do not grow with the network.
TEST_F(Command, KeepsTheGradientOfAHiddenLayerShort) {
  const Outcome small = gradc("diff samples/13_hidden_layer.grad --format latex");
  EXPECT_LE(small.out.size(), 1200u);
  EXPECT_EQ(gradc("diff samples/13_hidden_layer.grad --format latex --dim D=784 --dim H=512").out, small.out);
}

}  // namespace
}  // namespace gradc::test
