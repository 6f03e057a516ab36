// The text of systems: what is read is what was written, and mistakes in it are told, not crashed on.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/dump.h"

#include <gtest/gtest.h>

#include "compiler/operators/build.h"
#include "compiler/render/read_dump.h"

namespace gradc {
namespace {

std::string round_trip(const std::string& text) {
  Context context;
  const Source source("test.dump", text);
  Result<System> system = read_dump(context, source);
  if (!system) return render(system.diagnostics(), std::span(&source, 1));
  return dump(*system);
}

void expect_stable(const std::string& text) { EXPECT_EQ(round_trip(text), text); }

TEST(Dump, HiddenLayerReadsBack) {
  expect_stable(
      "dim D = 3\n"
      "dim H = 8\n"
      "input x[D]\n"
      "target y\n"
      "param w0[D, H]\n"
      "param b0[H]\n"
      "z0[h in H] = sum(d in D) x[d]*w0[d, h] + b0[h]\n"
      "a0[h in H] = sigmoid(z0[h])\n"
      "E = 1/2*(sum(h in H) a0[h] - y)^2\n"
      "adjoint d_E_w0[d in D, h in H] of E wrt w0 = a0[h]*(1 - a0[h])*x[d]  # chain rule through a0\n"
      "output E, d_E_w0\n");
}

TEST(Dump, DimsOfAllKinds) {
  expect_stable(
      "dim D = 3\n"
      "dim L = exact_div(#D*(#D - 1), 2)\n"
      "dim B batch\n"
      "dim T sequence\n"
      "dim y.i anonymous\n"
      "dim T' = #T + 1\n"
      "dim U = 2*#L\n"
      "input a[B, D]\n"
      "z[b in B, l in L, t in T, u in T', r in U] = sum(j in y.i) to_real(j) + a[b, 0]\n"
      "output z\n");
}

struct RoundTrip : testing::TestWithParam<const char*> {};
const std::string declarations =
    "dim D = 3\n"
    "dim T sequence\n"
    "input x\n"
    "input y\n"
    "param v[D]\n"
    "param w[D, D]\n"
    "const m[D] in D\n"
    "const p: boolean\n"
    "param s[T]\n";

// Uses everything that is declared, so that the dump keeps it; then the term under test.
std::string with(const std::string& term) {
  return declarations +
         "all[i in D, t in T] = if p then x + y + v[m[i]] + w[i, i] else s[t]\n"
         "q[i in D, t in T] = " +
         term + "\noutput q\n";
}

TEST_P(RoundTrip, TermReadsBack) { expect_stable(with(GetParam())); }
INSTANTIATE_TEST_SUITE_P(
    Terms, RoundTrip,
    testing::Values(
        "x - (y - x)", "x - y - x", "x*(y*x)", "x / (y / x)", "x / 2", "1/2*x", "x*(1/2)", "1 / 2", "-x*y",
        "-(x*y)", "-x^2", "(-x)^2", "-(1^2)", "(-1)^2", "-1", "-(1)", "--x", "-(-1/2)", "x + -1", "x^-1",
        "x^(1/2)", "(x^y)^2", "x^y^2", "2^-x", "if x < 0.0 then x else y", "(if x < 1/2 then x else y) + 1",
        "if x < y^2 and not i == 0 then 1 else 2", "if i < 1 or p then x else if p then 1 else 2",
        "if p and p or p and (p or p) then 1 else 2", "to_real(i) + to_real(2*i - 1)", "to_real(#D - i)",
        "to_real(i div 2 + i mod 2)", "v[i] + v[i - 1] + v[m[i]]", "sum(j in D) v[j]*w[i, j]",
        "sum(j in D) v[j] + x", "x + sum(j in D) v[j]", "x*(sum(j in D) v[j])",
        "sum(j in D) sum(k in D) w[j, k]", "sum(j in D, k in D if j < k) w[j, k]",
        "sum(k in 1..<10) to_real(k)", "sum(k in D: 1..<#D) v[k]", "sum(u in T if u <= t) s[u]",
        "sum(j in D: 0..<i + 1) v[j]", "max(x, y)", "max(j in D) v[j]", "logsumexp(j in D) v[j]",
        "exp(-x^2 / 2) + pi()", "if all(j in D) (0.0 < v[j]) then 1 else 0",
        "if max(i, 1) == 2 then x else y", "v[argmax(j in D) v[j] + 1]", "sum(j in D) -v[j]",
        "if sum(j in D) v[j] < x then 1 else 0", "if -1.0 < x then 1 else 0", "stop(x)*log(1 + x)"));

TEST(Dump, StepsAndNoise) {
  expect_stable(
      "dim Z = 4\n"
      "dim N anonymous steps = 50\n"
      "dim P anonymous steps = 51\n"
      "param a\n"
      "noise eps[z in Z] ~ normal(0, 1)\n"
      "r[k in P] = if k == 0 then a else if live[k - 1] then (r[k - 1] + 2 / r[k - 1]) / 2 else 0\n"
      "live[k in N]: boolean counted n = if k == 0 then true else live[k - 1] and not r[k] < 2.0\n"
      "n: integer = integer_sum(k in N if live[k]) 1\n"
      "E = r[n] + eps[0] + to_real(n)\n"
      "output E\n");
}

TEST(Dump, NamesThatNoLanguageHas) {
  expect_stable("param `if`\nparam `a b`\nparam `$\\input{x}`\nE = `if` + `a b`*`$\\input{x}`\noutput E\n");
}

TEST(Dump, IndexNamesAvoidTensorsAndEachOther) {
  Context c;
  const DimId d = c.add_dim({.name = "D", .kind = Dim::Kind::fixed, .size = c.integer(3)});
  const TensorId v = c.add_tensor({.name = "d", .role = Role::param, .dims = {d}});
  const TensorId z = c.add_tensor({.name = "z", .dims = {d}});
  const Binder j = c.over(d, "i"), k = c.over(d, "i");
  const Expr inner = sum({k}, c.access(v, {c.position(k.index)}) * c.access(v, {c.position(j.index)}));
  System s(c);
  s.add({.tensor = z,
         .rule = Define{sum({j}, inner) + c.access(v, {c.position(Index::slot(0, d))})},
         .index_names = {"d"}});
  s.add_output(z);
  EXPECT_EQ(dump(s),
            "dim D = 3\nparam d[D]\nz[i in D] = sum(j in D) sum(k in D) d[k]*d[j] + d[i]\noutput z\n");
  expect_stable(dump(s));
}

TEST(Dump, SharedTermsAreNamedNotRepeated) {
  Context c;
  const TensorId x = c.add_tensor({.name = "x", .role = Role::input, .dims = {}});
  const TensorId y = c.add_tensor({.name = "y", .dims = {}});
  Expr e = c.access(x);
  for (int k = 0; k < 60; ++k) e = sigmoid(e * e + Rational(1));
  System s(c);
  s.add({.tensor = y, .rule = Define{e}});
  s.add_output(y);
  const std::string text = dump(s);
  EXPECT_LT(text.size(), 4000u);
  expect_stable(text);
}

TEST(Dump, DeepTermsReadBack) {
  Context c;
  const TensorId x = c.add_tensor({.name = "x", .role = Role::input, .dims = {}});
  const TensorId y = c.add_tensor({.name = "y", .dims = {}});
  Expr left = c.access(x), right = left;
  for (int k = 0; k < 20000; ++k) {
    left = exp(left) + Rational(1);
    right = Rational(1) - right;
  }
  System s(c);
  s.add({.tensor = y, .rule = Define{left * right}});
  s.add_output(y);
  expect_stable(dump(s));
}

struct Mistake : testing::TestWithParam<std::pair<const char*, const char*>> {};
TEST_P(Mistake, IsTold) {
  const std::string told = round_trip(with(GetParam().first));
  EXPECT_NE(told.find(GetParam().second), std::string::npos) << told;
}
INSTANTIATE_TEST_SUITE_P(
    Terms, Mistake,
    testing::Values(std::pair{"x +", "expected a term, but the line ends"},
                    std::pair{"x + i", "operands of `add` have the wrong type"},
                    std::pair{"v[x]", "is not an integer"}, std::pair{"v", "expected `[`"},
                    std::pair{"unknown", "but found `unknown`"},
                    std::pair{"x < y < x", "comparisons do not chain"},
                    std::pair{"i", "the term has the wrong type"}, std::pair{"sum(j in Q) x", "expected"},
                    std::pair{"if x then y else y", "different types"}, std::pair{"1/0", "expected a number"},
                    std::pair{"exp(x, y)", "expected `)`"}, std::pair{"x y", "expected the end"}));

}  // namespace
}  // namespace gradc
