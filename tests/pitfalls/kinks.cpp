// Kinks, ties and powers: the derivative of least norm, and by continuity where there is one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/pitfalls/row.h"

namespace gradc::test {

namespace {
std::string of_x(const std::string& formula) { return "input x\nf = " + formula + "\n"; }
std::string of_xy(const std::string& formula) { return "input x\ninput y\nf = " + formula + "\n"; }
std::string of_vector(int size, const std::string& formula) {
  return "dim D = " + std::to_string(size) + "\ninput x[D]\nf = " + formula + "\n";
}
std::vector<Given> x(double at) { return {{"x", {at}}}; }
std::vector<Given> xy(double a, double b) { return {{"x", {a}}, {"y", {b}}}; }
std::vector<Given> vector(std::vector<double> at) { return {{"x", std::move(at)}}; }
// Where data say what is read: at m.
std::vector<Given> read_by(double m) { return {{"x", {0.731, 0.503, 0.671, 0.804}}, {"m", {m}, true}}; }
constexpr double pi = 3.14159265358979323846;
}  // namespace

const std::vector<Row> kinks = {
    {"RootAt0", of_x("sqrt(x)"), x(0), 0, {inf}, {-inf}},
    {"RootOfSquareIsNotRewritten", of_x("sqrt(x^2)"), x(0), 0, {nan}, {nan}},
    {"NormAt0", of_vector(2, "norm(x)"), vector({0, 0}), 0, {0, 0}, {0, 0, 0, 0}},
    {"SquareOfNormIsSmooth", of_vector(2, "norm(x)^2"), vector({0, 0}), 0, {0, 0}, {2, 0, 0, 2}},
    {"FourthPowerOfNorm", of_vector(2, "norm(x)^4"), vector({1, 2}), 25, {20, 40}, {28, 16, 16, 52}},
    {"SquareOfAbsIsSmooth", of_x("abs(x)^2"), x(0), 0, {0}, {2}},
    {"HypotAt0", of_xy("hypot(x, y)"), xy(0, 0), 0, {0, 0}, {0, 0, 0}},
    {"Atan2At0", of_xy("atan2(y, x)"), xy(0, 0), 0, {nan, nan}, {}},
    {"Atan2OnTheAxis", of_xy("atan2(y, x)"), xy(1, 0), 0, {0, 1}, {0, -1, 0}},
    {"Abs", of_x("abs(x)"), x(0), 0, {0}, {0}},
    {"Relu", of_x("relu(x)"), x(0), 0, {0}, {0}},
    {"MaxWith0", of_x("max(x, 0)"), x(0), 0, {0}, {0}},
    {"MaxOf0", of_x("max(0, x)"), x(0), 0, {0}, {0}},
    {"ReluByClamp", of_x("clamp(x, 0, 9)"), x(0), 0, {0}, {0}},
    {"ReluByChoice", of_x("if x > 0 then x else 0"), x(0), 0, {0}, {0}},
    {"MinWith0", of_x("min(x, 0)"), x(0), 0, {0}, {0}},
    {"ClampAtItsEnd", of_x("clamp(x, 0, 1)"), x(1), 1, {0}, {0}},
    {"MaxOfEquals", of_xy("max(x, y)"), xy(1, 1), 1, {0.5, 0.5}, {0, 0, 0}},
    {"MinOfEquals", of_xy("min(x, y)"), xy(1, 1), 1, {0.5, 0.5}, {0, 0, 0}},
    {"MaxOfTheSame", of_x("max(x, x)"), x(1), 1, {1}, {0}},
    {"MaxOfTheSameInAVector", "dim D = 2\ninput x\nv[d in D] = x\nf = max(d) v[d]\n", x(1), 1, {1}, {0}},
    {"LargestOfThree",
     of_vector(3, "max(d) x[d]"),
     vector({1, 1, 0}),
     1,
     {0.5, 0.5, 0},
     std::vector<double>(9, 0)},
    // Which is the least is asked of the numbers that the least was taken of, in whatever order a sum adds.
    {"LeastOfSumsByData",
     "dim A = 4, B = 1\ninput x[A]\ninput m in A\n"
     "f = min(i in B) (sum(j in A) (x[m] + j/5) + i/5)\n",
     read_by(1),
     3.212,
     {0, 4, 0, 0},
     {}},
    {"LeastOfThreeSumsByData",
     "dim A = 4, B = 3\ninput x[A]\ninput m in A\n"
     "f = min(i in B) (sum(j in A) (x[m] + j/5) + i/5)\n",
     read_by(1),
     3.212,
     {0, 4, 0, 0},
     {}},
    {"GreatestOfSumsByDataUnderAGuard",
     "dim A = 4, B = 3\ninput x[A]\ninput m in A\n"
     "f = max(i in B if i < m) (sum(j in A) (x[m - 1 - i]/7 + j/5) + i/5)\n",
     read_by(2),
     1.2 + 0.2 + 4 * 0.731 / 7,
     {4.0 / 7, 0, 0, 0},
     {}},
    {"GreatestUnderAGuardUnderAGuard",
     "dim A = 4, B = 3, C = 2\ninput x[A]\ninput m in A\n"
     "f = sum(c in C if c < m) (max(i in B if i < m - c) (sum(j in A) (x[m - 1 - i - c]/7 + j/5) + i/5))\n",
     read_by(2),
     1.2 + 0.2 + 4 * 0.731 / 7 + 1.2 + 4 * 0.731 / 7,
     {8.0 / 7, 0, 0, 0},
     {}},
    {"GreatestInAFunctionUnderAChoice",
     "dim A = 4, B = 2\ninput x[A]\ninput m in A\n"
     "best(n) = max(i in B) (sum(j in B) (x[n + i]/7 + j/5) + i/5)\nf = if m > 0 then best(m - 1) else 0\n",
     read_by(0),
     0,
     {0, 0, 0, 0},
     {}},
    {"Sign", of_x("x*sign(x)"), x(0), 0, {0}, {0}},
    {"Floor", of_x("x*floor(x)"), x(2), 4, {2}, {0}},
    {"Ceil", of_x("x*ceil(x)"), x(2), 4, {2}, {0}},
    {"Round", of_x("x*round(x)"), x(2.5), 5, {2}, {0}},
    {"PowerZero", of_x("x^0"), x(0), 1, {0}, {0}},
    {"PowerOne", of_x("x^1"), x(0), 0, {1}, {0}},
    {"PowerTwo", of_x("x^2"), x(0), 0, {0}, {2}},
    {"PowerThree", of_x("x^3"), x(0), 0, {0}, {0}},
    {"PowerOneAndAHalf", of_x("x^1.5"), x(0), 0, {0}, {inf}},
    {"PowerOf0And0", of_xy("x^y"), xy(0, 0), 1, {0, 0}, {0, 0, 0}},
    {"PowerByExponentAt0", of_xy("x^y"), xy(0, 2), 0, {0, 0}, {2, 0, 0}},
    {"NegativePowerOf0", of_xy("x^y"), xy(0, -1), inf, {-inf, -inf}, {}},
    {"PowerOfANegative", of_xy("x^y"), xy(-2, 3), -8, {12, nan}, {}},
    {"CubeOfANegative", of_x("x^3"), x(-2), -8, {12}, {-12}},
    {"SincAt0", of_x("sinc(pi*x)"), x(0), 1, {0}, {-pi * pi / 3}},
    {"SincNear0",
     of_x("sinc(pi*x)"),
     x(1e-6),
     0.99999999999835507,
     {-3.2898681336932062e-06},
     {-3.2898681336867121}},
    {"ProductWithAZero",
     of_vector(3, "prod(d) x[d]"),
     vector({2, 0, 3}),
     0,
     {0, 6, 0},
     {0, 3, 0, 3, 0, 2, 0, 2, 0}},
    {"ProductWithTwoZeros",
     of_vector(3, "prod(d) x[d]"),
     vector({0, 0, 3}),
     0,
     {0, 0, 0},
     {0, 3, 0, 3, 0, 0, 0, 0, 0}},
    {"RunningProductWithAZero",
     "dim D = 4\ninput x[D]\nc = cumprod(x)\nf = sum(d) c[d]\n",
     vector({2, 0, 3, 4}),
     2,
     {1, 32, 0, 0},
     {0, 16, 0, 0, 16, 0, 10, 6, 0, 10, 0, 0, 0, 6, 0, 0}},
    {"SpreadOfEquals",
     "dim D = 3\ninput x[D]\nm = mean(d) x[d]\nf = norm(x - m)\n",
     vector({2, 2, 2}),
     0,
     {0, 0, 0},
     std::vector<double>(9, 0)},
};

}  // namespace gradc::test
