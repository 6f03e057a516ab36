// Pictures: lines, planes, and the curves of runs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/driver/command.h"
#include "tests/driver/count.h"

namespace gradc::test {
namespace {

TEST_F(Command, PlotsAFunctionAndItsDerivative) {
  const Outcome made = gradc("plot samples/01_square.grad --set x=-2:2:0.5 -o square.svg");
  EXPECT_EQ(made.status, 0) << made.err;
  const std::string svg = read("square.svg");
  EXPECT_TRUE(svg.starts_with("<svg ")) << svg;
  EXPECT_EQ(count_of(svg, "<polyline"), 2u);
  EXPECT_NE(svg.find("f: 4"), std::string::npos) << svg;  // the value at the end
  EXPECT_NE(svg.find("df/dx: 4"), std::string::npos) << svg;
  EXPECT_EQ(count_of(gradc("plot samples/01_square.grad --set x=-2:2:0.5 --order 0").out, "<polyline"), 1u);
}

TEST_F(Command, PlotsAPlaneWithItsLineAndExamples) {
  write("sign.grad", "dim D = 3\ninput x[D]\ntarget y\np = x[0] - x[1] + x[2]\nE = (p - y)^2\n");
  write("points.csv", "x.0,x.1,x.2,y\n0,1,0,0\n1,0,0,1\n");
  const std::string plot = "plot sign.grad --of p --set x.0=0:1:0.25 --set x.1=0:1:0.25 ";
  const Outcome made = gradc(plot + "--data points.csv");
  EXPECT_EQ(made.status, 0) << made.err;
  EXPECT_EQ(count_of(made.out, "class=\"edge\""), 1u);
  EXPECT_EQ(count_of(made.out, "<circle class=\"dot high\""), 1u);
  EXPECT_EQ(count_of(made.out, "<circle class=\"dot low\""), 1u);
  // The other elements are 0, or what --set says.
  EXPECT_EQ(count_of(gradc(plot + "--set x=[0,0,9]").out, "class=\"low\""), 0u);
  // Two numbers span a plane as well.
  write("sum.grad", "input u, v\nf = u + v\n");
  EXPECT_EQ(count_of(gradc("plot sum.grad --set u=0:1:0.5 --set v=0:1:0.5").out, "class=\"edge\""), 1u);
}

TEST_F(Command, PlotsAlongOneElement) {
  write("vector.grad", "dim N = 3\ninput v[N]\ny = v[0]^2 + 10*v[1]*v[2]\n");
  const Outcome made = gradc("plot vector.grad --set v.0=0:2:1 --set v=[7,1,3]");
  EXPECT_EQ(made.status, 0) << made.err;
  EXPECT_EQ(count_of(made.out, "<polyline"), 2u);
  EXPECT_NE(made.out.find("y: 34"), std::string::npos) << made.out;  // 2² + 10·3, at the end
  EXPECT_NE(made.out.find("dy/dv[0]: 4"), std::string::npos) << made.out;
  EXPECT_NE(made.out.find("v.0"), std::string::npos) << made.out;
  const Outcome curved = gradc("plot vector.grad --set v.0=0:2:1 --order 2");
  EXPECT_NE(curved.out.find("d2y/dv^2[0]: 2"), std::string::npos) << curved.err << curved.out;
  expect_refused(gradc("plot vector.grad --set v.3=0:2:1"), 1,
                 "--set v.3: error: `v` has no such element [E603]");
}

TEST_F(Command, PlotsTheCurveOfARun) {
  ASSERT_EQ(gradc("train samples/09_fit_parabola.grad --data samples/data/parabola.csv --out run").status, 0);
  const Outcome made = gradc("plot run");
  EXPECT_EQ(made.status, 0) << made.err;
  EXPECT_EQ(made.out, read("run/loss.svg"));
  const Outcome model = gradc("plot run --of prediction --order 0 --set x=0:2:1");
  EXPECT_NE(model.out.find("prediction: 12"), std::string::npos) << model.err;  // 3·2², learned
}

TEST_F(Command, SaysWhatAPlotNeeds) {
  expect_refused(gradc("plot samples/01_square.grad"), 1, "over what? There is no range [E605]");
  expect_refused(gradc("plot nowhere"), 1, "nowhere");
  write("vector.grad", "dim D = 2\ninput x[D]\nf = sum(d) x[d]^2\n");
  expect_refused(gradc("plot vector.grad --set x.0=0:1:0.5 --set x.5=0:1:0.5"), 1, "no such element [E603]");
  expect_refused(gradc("plot vector.grad --set x.one=0:1:0.5"), 1, "[E602]");
  write("many.grad", "dim D = 9\ninput u\nf[d in D] = u*d\n");
  expect_refused(gradc("plot many.grad --of f --set u=0:1:0.5"), 1, "more than 4 lines [E608]");
}

}  // namespace
}  // namespace gradc::test
