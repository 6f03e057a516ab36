// Sides that are not taken, sums over axes, and what nothing depends on.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/pitfalls/row.h"

namespace gradc::test {

namespace {
std::vector<Given> x(double at) { return {{"x", {at}}}; }
const std::string three = "dim D = 3\ninput x[D]\nf = ";
const std::vector<Given> small = {{"x", {1, 2, 3}}};
}  // namespace

const std::vector<Row> choices = {
    {"RootNotTaken", "input x\nf = if x > 0 then sqrt(x) else x\n", x(-1), -1, {1}, {0}},
    {"LogNotTaken", "input x\nf = if x > 0 then log(x) else 0\n", x(0), 0, {0}, {0}},
    {"NameNotTaken", "input x\nu = 1/x\nv = u*u\nf = if x > 0 then v else 0\n", x(0), 0, {0}, {0}},
    {"PatchIsAConstant", "input x\nf = if x != 0 then sin(x)/x else 1\n", x(0), 1, {0}, {0}},
    {"MaskOfInfinity",
     "dim D = 3\ninput m[D]\ninput x[D]\nd[i] = if m[i] == 1 then x[i]^2 else 1\n"
     "f = sum(i) (if m[i] == 1 then x[i] else 0)/d[i]\n",
     {{"m", {1, 0, 1}, true}, {"x", {2, inf, 4}}},
     0.75,
     {-0.25, 0, -0.0625},
     {0.25, 0, 0, 0, 0, 0, 0, 0, 0.03125}},
    {"NanIsNotItself", "input x\nf = if x == x then x else 0\n", x(nan), 0, {0}, {0}},
    {"StopBlocksAtEveryOrder", "input x\nf = x*stop(x)\n", x(3), 9, {3}, {0}},
    {"WhatIsNotUsed",
     "input x\ninput u[D]\ndim D = 2\nf = x^2\n",
     {{"x", {3}}, {"u", {1, 1}}},
     9,
     {6, 0, 0},
     {2, 0, 0, 0, 0, 0, 0}},
    {"SpreadOverAxes",
     "dim A = 2, B = 3\ninput x[A, B]\ninput y[B]\ninput s\nf = sum(a, b) (x[a, b] + y[b] + s)\n",
     {{"x", {1, 2, 3, 4, 5, 6}}, {"y", {1, 2, 3}}, {"s", {1}}},
     39,
     {1, 1, 1, 1, 1, 1, 2, 2, 2, 6},
     {}},
    {"SumOfNothing", three + "sum(d if x[d] > 5) x[d]", small, 0, {0, 0, 0}, {}},
    {"ProductOfNothing", three + "prod(d if x[d] > 5) x[d]", small, 1, {0, 0, 0}, {}},
    {"LargestOfNothing", three + "max(d if x[d] > 5) x[d]", small, -inf, {0, 0, 0}, {}},
    {"SmallestOfNothing", three + "min(d if x[d] > 5) x[d]", small, inf, {0, 0, 0}, {}},
    {"MeanOfNothing", three + "mean(d if x[d] > 5) x[d]", small, nan, {}, {}},
};

}  // namespace gradc::test
