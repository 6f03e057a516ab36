// What no rewriting may do: widen a domain, reassociate, fold what may be infinite or NaN.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/pitfalls/row.h"

namespace gradc::test {

namespace {
std::string of_x(const std::string& formula) { return "input x\nf = " + formula + "\n"; }
std::string of_xy(const std::string& formula) { return "input x\ninput y\nf = " + formula + "\n"; }
std::vector<Given> x(double at) { return {{"x", {at}}}; }
std::vector<Given> xy(double a, double b) { return {{"x", {a}}, {"y", {b}}}; }
}  // namespace

const std::vector<Row> rewritings = {
    {"LogOfExpIsEvaluated", of_x("log(exp(x))"), x(1000), inf, {}, {}},
    {"RootOfSquareOfANegative", of_x("sqrt(x^2)"), x(-2), 2, {-1}, {0}},
    {"RootOfAPower", of_x("(x^2)^(1/6)"), x(-8), 2, {-1.0 / 12}, {-2.0 / 288}},
    {"LogOfAProductOfNegatives", of_xy("log(x*y)"), xy(-1, -1), 0, {-1, -1}, {-1, 0, -1}},
    {"SumInItsOrder", of_xy("(x + y) - x"), xy(1e16, 1), 0, {0, 1}, {0, 0, 0}},
    {"DifferenceFirst", of_xy("(x - x) + y"), xy(1e16, 1), 1, {0, 1}, {0, 0, 0}},
    {"ProductsCancel", of_xy("x*y - x*y"), xy(0.1, 0.3), 0, {0, 0}, {0, 0, 0}},
    {"QuotientOfItself", of_x("x/x"), x(0), nan, {}, {}},
    {"DifferenceFromItself", of_x("x - x"), x(inf), nan, {}, {}},
    {"ZeroTimesNan", of_x("0*x"), x(nan), nan, {}, {}},
    {"ZeroTimesInfinite", of_x("0*x"), x(inf), nan, {}, {}},
    {"MaxKeepsNan", of_x("max(x, 1)"), x(nan), nan, {}, {}},
    {"MinKeepsNan", of_x("min(1, x)"), x(nan), nan, {}, {}},
    {"ReluKeepsNan", of_x("relu(x)"), x(nan), nan, {}, {}},
    {"LargestKeepsNan", "dim D = 2\ninput x[D]\nf = max(d) x[d]\n", {{"x", {nan, 1}}}, nan, {}, {}},
};

}  // namespace gradc::test
