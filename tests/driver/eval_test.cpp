// gradc eval: its numbers for programs, its tables, and what it refuses.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <nlohmann/json.hpp>

#include "tests/driver/command.h"

namespace gradc::test {
namespace {

using Json = nlohmann::json;

class Eval : public Command {
 public:
  Eval() {
    write("model.grad",
          "dim D = 2, K = 3\n"
          "input x, v[D], label in K\n"
          "param w[D] init [1, 2], m[D, D] init [[1, 2], [3, 4]]\n"
          "const k\n"
          "y = (sum(d) v[d]*w[d])*x^2 + k\n"
          "q = sum(i, j) v[i]*m[i, j]*v[j] + (if label == 2 then 1 else 0)\n");
  }
  Outcome eval(const std::string& options) const { return gradc("eval model.grad " + options); }
};

TEST_F(Eval, WritesJson) {
  const Outcome outcome = eval("--set x=3 --set v=[1,2] --set k=0.5 --of y --wrt x,w --order 2 --json");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const Json expected = {
      {"y",
       {{"value", 45.5},
        {"gradient", {{"x", 30}, {"w", {9, 18}}}},
        {"hessian",
         {{"x", {{"x", 10}, {"w", {6, 12}}}}, {"w", {{"x", {6, 12}}, {"w", {{0, 0}, {0, 0}}}}}}}}}};
  EXPECT_EQ(Json::parse(outcome.out), expected) << outcome.out;
}

TEST_F(Eval, WritesSeventeenDigitsAndSpecialNumbers) {
  EXPECT_EQ(gradc("eval samples/01_square.grad --set x=0.1 --json").out,
            "{\"f\": {\"value\": 0.010000000000000002, \"gradient\": {\"x\": 0.20000000000000001}}}\n");
  EXPECT_EQ(gradc("eval samples/01_square.grad --set x=nan --order 0 --json").out,
            "{\"f\": {\"value\": \"nan\"}}\n");
  EXPECT_EQ(gradc("eval samples/03_line.grad --set x=-inf --order 0 --json").out,
            "{\"f\": {\"value\": \"-inf\"}}\n");
  EXPECT_EQ(gradc("eval samples/03_line.grad --set x=-1 --order 0").out, "f = -8\n");
}

// Where no step is taken there is nothing to sum, whatever the factors of its terms would be.
TEST_F(Eval, ASumOfNothingIsZeroBesideARootOfANegativeNumber) {
  write("steps.grad",
        "dim D = 2\nconst s[D] = [1, -1]\nparam x[D] init 0.5, b init 0.4\n"
        "y[i] = if s[i] > 0 then (iterate z = x[i] to sqrt(s[i])*b*z until z < 0 at most 2) else 0\n"
        "E = sum(i) y[i]\n");
  for (const char* mode : {"forward", "reverse"})
    EXPECT_NE(gradc(std::string("eval steps.grad --of E --order 2 --mode ") + mode)
                  .out.find("d2E/(dx db) = [0.8, 0]"),
              std::string::npos);
}

TEST_F(Eval, MixedSecondDerivativesHaveTheirShapesBothWays) {
  const Outcome outcome = eval("--set v=[1,2] --set label=2 --of q --wrt v,m --order 2 --json");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const Json hessian = Json::parse(outcome.out)["q"]["hessian"];
  EXPECT_EQ(Json::parse(outcome.out)["q"]["value"], 28);
  EXPECT_EQ(hessian["v"]["v"], Json({{2, 5}, {5, 8}}));
  for (int a = 0; a < 2; ++a)  // ∂²q/∂v_a∂m_ij = [a = i] v_j + [a = j] v_i
    for (int i = 0; i < 2; ++i)
      for (int j = 0; j < 2; ++j) {
        const int expected = (a == i ? j + 1 : 0) + (a == j ? i + 1 : 0);
        EXPECT_EQ(hessian["v"]["m"][a][i][j], expected);
        EXPECT_EQ(hessian["m"]["v"][i][j][a], expected);
      }
}

// x⁷⁸ and p² are too small for a number where their quotient is not.
TEST_F(Eval, SecondDerivativesOfNamedPowersKeepTheirRange) {
  write("powers.grad", "param x init 0.00001\nq = x^41\np = x^40\ny = log(p)\nz = q^2/p^2\n");
  const Outcome outcome = gradc("eval powers.grad --of y,z --order 2 --json");
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const Json all = Json::parse(outcome.out);
  EXPECT_NEAR(all["y"]["hessian"]["x"]["x"].get<double>(), -4e11, 1);
  EXPECT_NEAR(all["z"]["value"].get<double>(), 1e-10, 1e-24);
  EXPECT_NEAR(all["z"]["gradient"]["x"].get<double>(), 2e-5, 1e-18);
  EXPECT_NEAR(all["z"]["hessian"]["x"]["x"].get<double>(), 2, 1e-11);
}

TEST_F(Eval, MakesTables) {
  EXPECT_EQ(gradc("eval samples/01_square.grad --set x=-1:1").out,
            " x  f  df/dx\n"
            "-1  1     -2\n"
            " 0  0      0\n"
            " 1  1      2\n");
  const Outcome grid = gradc("eval samples/04_partial.grad --set x=0:1 --set y=[1,2] --order 0 --json");
  const Json points = Json::parse(grid.out);
  ASSERT_EQ(points.size(), 4u);
  EXPECT_EQ(points[1]["point"], Json({{"x", 0}, {"y", 2}}));
  EXPECT_EQ(points[1]["results"]["f"]["value"], 18);
  const Outcome list = eval("--set x=1 --set v=[[1,0],[0,1]] --set k=0 --of y --order 0 --json");
  EXPECT_EQ(Json::parse(list.out)[1]["results"]["y"]["value"], 2) << list.err;
}

TEST_F(Eval, TakesWhatIsNoNumberInArrays) {
  write("list.grad", "dim D = 3\ninput v[D]\ny[d] = 2*v[d]\n");
  for (const char* list : {"[1,nan,inf]", "[1, NaN, Infinity]", "[1,\"nan\",+inf]"})
    EXPECT_EQ(gradc("eval list.grad --order 0 --set 'v=" + std::string(list) + "'").out,
              "y = [2, nan, inf]\n")
        << list;
  EXPECT_EQ(gradc("eval list.grad --order 0 --set v=[1e2,-inf,-2.5E-1]").out, "y = [200, -inf, -0.5]\n");
  for (const char* list : {"[1,nano,2]", "[1,1nan,2]", "[1,\"nano\",2]", "[1,--inf,2]"})
    expect_refused(gradc("eval list.grad --set 'v=" + std::string(list) + "'"), 1, "[E602]");
}

TEST_F(Eval, RefusesValuesThatDoNotFit) {
  const std::string rest = " --set k=0 --of y";
  expect_refused(eval("--set u=1" + rest), 1,
                 "--set u: error: the file has no input, target, const, param or noise `u` [E601]");
  expect_refused(eval("--set y=1"), 1, "`y` is computed by an equation");
  expect_refused(eval("--set D=2"), 1, "a dim is set with `--dim D=…`");
  expect_refused(eval("--set x"), 1, "[E602]");
  expect_refused(eval("--set x=two"), 1, "--set x: error: `two` is no number [E602]");
  expect_refused(eval("--set x=1e400"), 1, "--set x: error: `1e400` is too large a number [E602]");
  EXPECT_EQ(eval("--set x=1e-400 --of y --set v=[0,0] --set k=0 --order 0").status, 0);
  expect_refused(eval("--set v=[1,"), 1, "[E602]");
  expect_refused(eval("--set m=[[1,2],[3]]"), 1, "[E602]");
  expect_refused(eval("--set x=1:0:1"), 1, "[E602]");
  expect_refused(eval("--set x=0:1:0"), 1, "a step of 0 leads nowhere [E602]");
  expect_refused(eval("--set v=[1,2,3]"), 1, "the axis `D` of `v` has 2 elements, and 3 are given [E603]");
  expect_refused(eval("--set v=1"), 1, "`v` is [D], and the value is a number [E603]");
  expect_refused(eval("--set v=1:2"), 1, "a range is for numbers");
  expect_refused(eval("--set label=3"), 1, "--set label: error: 3 is no member of `K` [E604]");
  expect_refused(eval("--set label=-1"), 1, "[E604]");
  expect_refused(eval("--set label=1.5"), 1, "1.5 is no whole number");
  expect_refused(eval("--set x=1" + rest), 1, "--set v: error: `v` has no value [E605]");
  expect_refused(eval("--set x=1 --set x=2"), 1, "[E609]");
  expect_refused(eval("--set x=0:1e9"), 1, "[E608]");
  expect_refused(eval("--set v=@nothing.npy"), 1, "nothing.npy: error:");
}

TEST_F(Eval, TestsChecks) {
  write("checked.grad", "input x\ncheck x > 0\ny = log(x)\n");
  EXPECT_EQ(gradc("eval checked.grad --set x=1 --order 0").out, "y = 0\n");
  expect_refused(gradc("eval checked.grad --set x=-1"), 1,
                 "checked.grad:2:7: error: this check fails [E611]");
}

// What is not asked for by name is left out where there is none.
TEST_F(Eval, KnowsWhichDerivativesThereAre) {
  write("shape.grad", "input x, a\nsize = a^2\np = gammainc(size, x)\ny = x*a + stop(p)\n");
  const std::string at = "eval shape.grad --set x=1 --set a=1";
  EXPECT_EQ(gradc(at + " --of p").out, "p = 0.6321205588\ndp/dx = 0.3678794412\n");
  EXPECT_EQ(gradc(at + " --of y --wrt a").out, "y = 1.632120559\ndy/da = 1\n");
  expect_refused(gradc(at + " --of p --wrt a"), 1,
                 "shape.grad:3:1: error: there is no derivative of `gammainc` by its first argument, which "
                 "depends on `a` [E308]");
  expect_refused(gradc(at + " --of p --order 1"), 1, "[E308]");
  expect_refused(gradc("diff shape.grad --of p"), 1, "[E308]");
  EXPECT_EQ(gradc("plot shape.grad --of p --set x=1 --set a=1:2").status, 0);
  // A derivative that is stated may itself have none.
  write("stated.grad",
        "input x, a\nf(s, t) = gammainc(s, t)\n  unchecked deriv s: gammaincc(s, t)\ny = f(a, x)\n");
  for (const char* mode : {"", " --mode forward", " --mode reverse"})
    EXPECT_EQ(gradc("eval stated.grad --wrt a --set x=1 --set a=1" + std::string(mode)).out,
              "y = 0.6321205588\ndy/da = 0.3678794412\n");
  expect_refused(gradc("eval stated.grad --wrt a --set x=1 --set a=1 --order 2"), 1, "[E308]");
}

// Whatever it is derived for: here one argument is a number.
TEST_F(Eval, TakesDerivativesThatSpeakOfTheOwnValue) {
  write("own.grad", "input x\nroot(u, k) = sqrt(u^2*k + 1)\n  deriv u: u*k/root(u, k)\nE = root(x, 2)\n");
  EXPECT_EQ(gradc("eval own.grad --set x=2").out, "E = 3\ndE/dx = 1.333333333\n");
  write("vector.grad",
        "dim N = 2\ninput x[N]\nroot(u[N], k) = sqrt(sum(n) u[n]^2 + k)\n"
        "  deriv u[n]: u[n]/root(u, k)\nE = root(x, 4)\n");
  EXPECT_EQ(gradc("eval vector.grad --set x=[1,2]").out, "E = 3\ndE/dx = [0.3333333333, 0.6666666667]\n");
}

// The own value reads what the body reads; and of the steps of an iterate, which are held, no adjoint is
// left.
TEST_F(Eval, TakesDerivativesThatSpeakOfAnIterate) {
  write("steps.grad",
        "param z init 2\nf(a, x) = a*r^2\n"
        "  where r = iterate s = x + a to s*k, k = 3 to k - 1 until k == 0 at most 3\n"
        "  deriv x: 2*f(a, x)/(x + a)\ny = f(2, z)\n");
  EXPECT_EQ(gradc("eval steps.grad").out, "y = 1152\ndy/dz = 576\n");
  const std::string formula = gradc("diff steps.grad").out;
  EXPECT_NE(formula.find("\n\ndy/dz = 4*s_1_2[f_steps]^2/(z + 2)\n"), std::string::npos) << formula;
  write("uncalled.grad",
        "input x\nf(u) = u/d  where d = 1 + u^2\n  deriv u: (1 - 2*u*f(u))/(1 + u^2)\ny = x\n");
  EXPECT_EQ(gradc("eval uncalled.grad --set x=1").out, "y = 1\ndy/dx = 1\n");
}

// The same equations are compiled twice, and cut into segments of time each time.
TEST_F(Eval, VerifiesWithStatesComputedAgain) {
  write("again.grad",
        "dim T = 4, H = 3\nparam x[T] init 0.3, v[H] init 0.4\nh[0, i in H] = v[i]\n"
        "h[t + 1, i in H] = sin(h[t, i])*x[t] for t in T\nE = norm(h[T])\n");
  for (const char* mode : {"", " --mode reverse", " --order 2"}) {
    const Outcome outcome = gradc("verify again.grad --recompute sqrt --of E --wrt x" + std::string(mode));
    EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
  }
}

// Data that is no tree: the circle of d is told, with what it is about.
TEST_F(Eval, SaysWhichRecurrenceReadsAhead) {
  write("tree.grad",
        "dim B = 3\nconst parent[B] in B = [0, 2, 0]\nparam l[B] init 1\n"
        "d[b] = if parent[b] == b then l[b] else d[parent[b]] + l[b]\nE = sum(b) d[b]\n");
  expect_refused(
      gradc("eval tree.grad"), 1,
      "tree.grad:4:1: error: `tree` reports a subscript outside its dim [E544]\n"
      " 4 | d[b] = if parent[b] == b then l[b] else d[parent[b]] + l[b]\n   | ^\n"
      "   = help: an element of `d` reads only those that come before it: a parent stands before its "
      "children in the data\n");
}

// As `predict` draws it.
TEST_F(Eval, DrawsNoiseForEachExample) {
  write("noisy.grad",
        "input x\ntarget y\nparam p init 0.4\nnoise g ~ normal(0, 1)\nM = x*p + g\n"
        "minimize E = (M - y)^2\ntrain { epochs = 0 }\n");
  write("same.csv", "x,y\n1,0\n1,0\n1,0\n");
  const std::string rows = gradc("eval noisy.grad --data same.csv --of M --sample --seed 5 --order 0").out;
  std::vector<std::string> values;
  std::istringstream lines(rows);
  for (std::string line; std::getline(lines, line);)
    values.push_back(line.substr(line.find_last_of(" ") + 1));
  ASSERT_EQ(values.size(), 5u) << rows;
  EXPECT_TRUE(values[1] != values[2] && values[2] != values[3] && values[1] != values[3]) << rows;
  EXPECT_EQ(gradc("eval noisy.grad --data same.csv --of M --order 0").out.find(values[1]), std::string::npos);
}

TEST_F(Eval, TakesSizesFromValues) {
  write("free.grad", "dim N\ninput x[N]\ns = sum(n) x[n]^2\n");
  EXPECT_EQ(gradc("eval free.grad --set x=[1,2,3,4]").out, "s = 30\nds/dx = [2, 4, 6, 8]\n");
  EXPECT_EQ(gradc("eval free.grad --dim N=2 --set x=[1,2] --order 0").out, "s = 5\n");
  EXPECT_EQ(gradc("eval free.grad --set x=[]").out, "s = 0\nds/dx = []\n");
  write("late.grad", "dim K\ninput label in K, z[K]\ns = z[label]\n");
  expect_refused(gradc("eval late.grad --set label=2 --set z=[1,2]"), 1, "2 is no member of `K` [E604]");
  expect_refused(gradc("eval free.grad --dim N=3 --set x=[1,2]"), 1, "[E603]");
}

std::string list_of_ones(int count) {
  std::string ones = "1";
  for (int k = 1; k < count; ++k) ones += ",1";
  return ones;
}

// Positions are integers, and what is computed of them has no end; the machine's integers have.
TEST_F(Eval, ComputesBeyondTheMachinesIntegers) {
  write("squares.grad", "input x\nw = sum(i in 0..99999) i*i\nv = sum(i in 0..9999) (i*i*i*i*i*x)\n");
  EXPECT_EQ(gradc("eval squares.grad --set x=1 --of w --order 0").out, "w = 3.333283334e+14\n");
  EXPECT_EQ(gradc("eval squares.grad --set x=1 --of v --order 0").out, "v = 1.666166708e+23\n");
  write("wide.grad",
        "dim N, K = 3\ninput x[N]\nparam v[K] init 1\ncube[n in N] = (n + 1000)*(n + 1000)*(n + 1000)\n"
        "E = sum(n in N) x[n]*v[mod(cube[n], 3)]\n");
  EXPECT_EQ(gradc("eval wide.grad --set x=[1,2,3] --set v=[1,2,3] --of E --order 0").out, "E = 11\n");
  const std::string ones = list_of_ones(400);
  EXPECT_EQ(gradc("eval wide.grad --set x=[" + ones + "] --set v=[1,2,3] --of E --order 0").out, "E = 800\n");
  const Outcome wide = gradc("eval wide.grad --order 0 --set x=[" + ones + "] --set v=[1,2,3] --of cube");
  expect_refused(wide, 1, "[E544]");
  expect_refused(wide, 1, "the integers of `cube` may be too large");
}

// Quotients, remainders and comparisons are of integers; where these do not fit, there is no number.
TEST_F(Eval, RefusesIntegersThatDoNotFit) {
  write("sizes.grad",
        "dim M, N = 4\ny = mod(M*M, 1000)\nd[j in N] = div((j + 7)^4, 3)\n"
        "c = sum(i in 0..3) (if div(M*M*i, M) == i*M then 1 else 0)\nz = mod(7, M*M*M*M*M*M*M)\n");
  EXPECT_EQ(gradc("eval sizes.grad --order 0 --dim M=100001 --of y").out, "y = 1\n");
  EXPECT_EQ(gradc("eval sizes.grad --order 0 --dim M=1000001 --of c").out, "c = 4\n");
  EXPECT_EQ(gradc("eval sizes.grad --order 0 --dim M=40 --of d").out, "d = [800, 1365, 2187, 3333]\n");
  EXPECT_EQ(gradc("eval sizes.grad --order 0 --dim M=40 --of z").out, "z = 7\n");
  expect_refused(gradc("eval sizes.grad --order 0 --dim M=8589934593 --of y"), 1, "[E544]");
  expect_refused(gradc("eval sizes.grad --order 0 --dim M=8589934593 --of c"), 1, "[E544]");
  expect_refused(gradc("eval sizes.grad --order 0 --dim M=4096 --of z"), 1, "[E544]");
  write("far.grad", "dim N = 3\ny[k in N] = mod(k, div(3037000499, 1) * 9007199254740993)\n");
  expect_refused(gradc("eval far.grad --order 0"), 1, "[E544]");
}

TEST_F(Eval, MirrorsMixedDerivativesOfVectors) {
  write("mixed.grad", "dim K = 2, N = 1, M = 2\ninput x[N], w[M]\ny[k in K] = k*x[0]*w[1]\n");
  const std::string out = gradc("eval mixed.grad --order 2 --json --of y --set x=[1] --set w=[1,2]").out;
  EXPECT_NE(out.find("\"w\": [[[0, 0]], [[0, 1]]]"), std::string::npos) << out;      // x.w: [y][x][w]
  EXPECT_NE(out.find("\"x\": [[[0], [0]], [[0], [1]]]"), std::string::npos) << out;  // w.x: [y][w][x]
}

TEST_F(Eval, RefusesRangesThatAreTooLong) {
  write("sets.grad", "dim N\ninput x[N]\nE = (sum(i in 0..2^N) i) + sum(n) x[n]\n");
  EXPECT_EQ(gradc("eval sets.grad --set x=[1,1] --order 0").out, "E = 12\n");
  const std::string ones = list_of_ones(70);
  expect_refused(gradc("eval sets.grad --set x=[" + ones + "]"), 1, "[E544]");
  expect_refused(gradc("eval sets.grad --dim N=70 --set x=[" + ones + "]"), 1,
                 "sets.grad:3:15: error: the range of `i`");
}

TEST_F(Eval, TakesPowersOfSizesFromValues) {
  write("powers.grad",
        "dim N\ndim S = 2^N, C = N^3, M = min(N, 4)\nconst A[N]\n"
        "E = sum(s in S) s*A[0] + sum(c in C) c*A[1] + sum(m in M) m*A[1]\n");
  EXPECT_EQ(gradc("eval powers.grad --order 0 --set A=[1,2]").out, "E = 64\n");
  EXPECT_EQ(gradc("eval powers.grad --order 0 --set A=[1,2,0,0,0,0,0]").out, "E = 125446\n");
  EXPECT_EQ(
      gradc("eval samples/gradbench/det.grad --of value --order 0 --set A=[[1,2,0.5],[3,4,1],[2,-1,5]]").out,
      "value = -10.5\n");
  std::string many = "1";
  for (int k = 1; k < 70; ++k) many += ",1";
  const Outcome outcome = gradc("eval powers.grad --order 0 --set A=[" + many + "]");
  EXPECT_EQ(outcome.status, 1) << outcome.err;
}

TEST_F(Eval, ComputesInSinglePrecision) {
  const Outcome outcome = gradc("eval samples/01_square.grad --set x=0.1 --order 0 --precision f32 --json");
  EXPECT_EQ(static_cast<float>(Json::parse(outcome.out)["f"]["value"]), 0.1f * 0.1f);
}

}  // namespace
}  // namespace gradc::test
