// Limits of the numbers: saturation, overflow, ends of domains. Naive spellings count as the stable ones.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/pitfalls/row.h"

namespace gradc::test {

namespace {
std::string of_x(const std::string& formula) { return "input x\nf = " + formula + "\n"; }
std::string of_xy(const std::string& formula) { return "input x\ninput y\nf = " + formula + "\n"; }
std::string of_logits(const std::string& formulas) {
  return "dim K = 2\ninput x[K]\ninput label in K\n" + formulas + "\n";
}
std::vector<Given> x(double at) { return {{"x", {at}}}; }
std::vector<Given> xy(double a, double b) { return {{"x", {a}}, {"y", {b}}}; }
std::vector<Given> logits(double a, double b) { return {{"x", {a, b}}, {"label", {1}, true}}; }
const std::string two = "dim K = 2\ninput x[K]\nf = ";
constexpr double pi = 3.14159265358979323846;
// Half an ulp of a logarithm of 1000 is a relative error of its exponential.
constexpr double of_exponents = 1e-12;
}  // namespace

const std::vector<Row> limits = {
    {"EntropyAt0", of_x("x*log(x)"), x(0), nan, {-inf}, {inf}},
    {"EntropyByXlogy", of_x("xlogy(x, x)"), x(0), 0, {-inf}, {inf}},
    {"GammaincAt0", of_x("gammainc(1, x)"), x(0), 0, {1}, {-1}},
    {"GammaincOfFewAt0", of_x("gammainc(1/2, x)"), x(0), 0, {inf}, {}},
    {"GammaincOfManyAt0", of_x("gammainc(5, x)"), x(0), 0, {0}, {}},
    {"GammaincOfOrder2At0", of_x("gammainc(2, x)"), x(0), 0, {0}, {1}},
    {"GammaincOfOrder3At0", of_x("gammainc(3, x)"), x(0), 0, {0}, {0}},
    {"GammaincOfOneAndAHalfAt0", of_x("gammainc(3/2, x)"), x(0), 0, {0}, {inf}},
    {"GammaincOfOrderGivenAt0", of_xy("gammainc(stop(y), x)"), xy(0, 2), 0, {0, 0}, {}},
    {"GammaincNear0", of_x("gammainc(5/2, x)"), x(1e-300), 0, {0}, {1.1283791670955126e-150}},
    {"GammaincAtInfinity", of_x("gammainc(2, x)"), x(inf), 1, {0}, {0}},
    {"LogOfGammainccAt0", of_x("log(gammaincc(2, x))"), x(0), 0, {0}, {-1}},
    {"GammaincOutside", of_x("gammainc(2, x)"), x(-1), nan, {nan}, {}},
    {"GammainccFarOut", of_x("gammaincc(3, x)"), x(1e4), 0, {0}, {0}},
    {"GammaincFarOut", of_x("gammainc(3, x)"), x(1e4), 1, {0}, {0}},
    {"BesselAt0", of_x("besselj1(x)"), x(0), 0, {0.5}, {0}},
    {"BesselOfOrder2At0", of_x("besselj(2, x)"), x(0), 0, {0}, {0.25}},
    {"XlogyOf0", of_xy("xlogy(x, y)"), xy(0, 0), 0, {-inf, 0}, {}},
    {"ZeroTimesInfinity", of_x("0*log(x)"), x(0), nan, {}, {}},
    {"LogSumExp",
     two + "logsumexp(k) x[k]",
     {{"x", {1000, 1000}}},
     1000.6931471805599,
     {0.5, 0.5},
     {0.25, -0.25, -0.25, 0.25},
     of_exponents},
    {"LogSumExpByHand",
     two + "log(sum(k) exp(x[k]))",
     {{"x", {1000, 1000}}},
     1000.6931471805599,
     {0.5, 0.5},
     {0.25, -0.25, -0.25, 0.25},
     of_exponents},
    {"LogSumExpOfNothing", two + "logsumexp(k) x[k]", {{"x", {-inf, -inf}}}, -inf, {0, 0}, {0, 0, 0, 0}},
    {"LogSumExpOfInfinity", two + "logsumexp(k) x[k]", {{"x", {inf, 1}}}, inf, {1, 0}, {0, 0, 0, 0}},
    {"LogOfDifference", of_xy("log(exp(x) - exp(y))"), xy(1, 1), -inf, {inf, -inf}, {}},
    {"Softplus", of_x("softplus(x)"), x(37.5), 37.5, {1}, {5.1755550058018680e-17}},
    {"SoftplusByHand", of_x("log(1 + exp(x))"), x(37.5), 37.5, {1}, {5.1755550058018680e-17}},
    {"SoftplusFarOut", of_x("log1p(exp(x))"), x(1000), 1000, {1}, {0}},
    {"Sigmoid", of_x("sigmoid(x)"), x(40), 1, {4.2483542552915889e-18}, {-4.2483542552915889e-18}},
    {"SigmoidByHand", of_x("1/(1 + exp(-x))"), x(40), 1, {4.2483542552915889e-18}, {-4.2483542552915889e-18}},
    {"SigmoidNear0", of_x("sigmoid(x)"), x(1e-20), 0.5, {0.25}, {-1.25e-21}},
    {"AtanhNear0", of_x("atanh(x)"), x(1e-20), 1e-20, {1}, {2e-20}},
    {"TrigammaAtItsPole", of_x("trigamma(x)"), x(0), inf, {}, {}},
    {"SigmoidFarOut", of_x("sigmoid(x)"), x(-800), 0, {0}, {0}},
    {"SigmoidByHandFarOut", of_x("1/(1 + exp(-x))"), x(-800), 0, {0}, {0}},
    {"Tanh", of_x("tanh(x)"), x(20), 1, {1.6993417021166355e-17}, {-3.3986834042332710e-17}},
    {"LogOfSigmoid", of_x("log(sigmoid(x))"), x(-800), -800, {1}, {0}},
    {"LogOfOneMinusSigmoid", of_x("-log(1 - sigmoid(x))"), x(800), 800, {1}, {0}},
    {"BinaryCrossEntropy",
     "input x\ninput y\na = sigmoid(x)\nf = -(y*log(a) + (1 - y)*log(1 - a))\n",
     {{"x", {800}}, {"y", {0}, true}},
     800,
     {1},
     {}},
    {"CrossEntropy",
     of_logits("f = logsumexp(k) x[k] - x[label]"),
     logits(1e4, -1e4),
     2e4,
     {1, -1},
     {0, 0, 0, 0}},
    {"CrossEntropyBySoftmax",
     of_logits("f = -log(softmax(x)[label])"),
     logits(1e4, -1e4),
     2e4,
     {1, -1},
     {0, 0, 0, 0}},
    {"CrossEntropyByLogSoftmax",
     of_logits("f = -log_softmax(x)[label]"),
     logits(1e4, -1e4),
     2e4,
     {1, -1},
     {0, 0, 0, 0}},
    {"Expm1", of_x("expm1(x)"), x(1e-20), 1e-20, {1}, {1}},
    {"Log1p", of_x("log1p(x)"), x(1e-20), 1e-20, {1}, {-1}},
    {"VarianceInTwoPasses",
     "dim D = 3\ninput x[D]\nm = mean(d) x[d]\nf = mean(d) (x[d] - m)^2\n",
     {{"x", {1e8, 1e8 + 1, 1e8 + 2}}},
     2.0 / 3,
     {-2.0 / 3, 0, 2.0 / 3},
     {}},
    {"AcosAt1", of_x("acos(x)"), x(1), 0, {-inf}, {-inf}},
    {"AsinAt1", of_x("asin(x)"), x(1), pi / 2, {inf}, {inf}},
    {"AcoshAt1", of_x("acosh(x)"), x(1), 0, {inf}, {-inf}},
    {"AtanhAt1", of_x("atanh(x)"), x(1), inf, {inf}, {inf}},
    {"AcosNear1", of_x("acos(x)"), x(1 - 0x1p-53), 0x1p-26, {-0x1p26}, {}},
    {"LgammaAtItsPole", of_x("lgamma(x)"), x(-1), inf, {nan}, {}},
    {"DigammaAtItsPole", of_x("digamma(x)"), x(0), nan, {inf}, {}},
};

}  // namespace gradc::test
