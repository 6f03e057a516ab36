// Wrong claims come with a counter-example, and with what they lack where that can be told.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/term_printer.h"
#include "tests/claims/claim.h"

namespace gradc::test {
namespace {

// "factor 2", "term x", "" if nothing was found; "not wrong" if it is not.
std::string lacks(const std::string& claim, const std::string& file = declared) {
  const Checked model = with_claim(claim, file);
  EXPECT_TRUE(model.model) << model.said;
  if (!model.model) return "no model";
  const Claim& stated = model.model->claims.back();
  const Verdict verdict = decide(*model.model, stated, 0);
  if (verdict.kind != Verdict::Kind::wrong) return "not wrong";
  if (!verdict.missing) return "";
  const Notation notation;
  PrintScope scope(*model.context, Format::text, notation, IndexNames(*model.context, {}));
  scope.indices.begin(stated.dims, stated.index_names);
  return (verdict.missing->is_factor ? "factor " : "term ") + print_term(verdict.missing->what, scope).term;
}

TEST(Lacks, NumbersAsFactors) {
  EXPECT_EQ(lacks("diff(x^2, x) = x"), "factor 2");
  EXPECT_EQ(lacks("diff(x^2/2, x) = 3*x"), "factor 1/3");
  EXPECT_EQ(lacks("diff(cos(x), x) = sin(x)"), "factor -1");
}

TEST(Lacks, NamesAndTheirInverses) {
  EXPECT_EQ(lacks("diff(x*y^2, y) = 2*y"), "factor x");
  EXPECT_EQ(lacks("diff(x/y, x) = 1"), "factor 1/y");
  EXPECT_EQ(lacks("diff(sum(i, j) u[i]*A[i, j]*v[j], A)[k, l] = u[k]"), "factor v[l]");
}

TEST(Lacks, TheDerivativeOfAnActivation) {
  const std::string file =
      "dim H\ninput y\nparam w[H], b[H]\na[h] = sigmoid(b[h])\nE = sum(h) w[h]*a[h] - y\n";
  EXPECT_EQ(lacks("diff(E, b)[h] = w[h]", file), "factor a[h]*(1 - a[h])");
}

// An element that is always 0 says nothing, though dividing by it gives one number.
TEST(Lacks, NothingDividedByZero) {
  const std::string file = "dim N = 2\nparam a[N, N] init [[2, 1], [1, 2]]\nL = cholesky(a)\ninput s\n";
  EXPECT_EQ(lacks("diff(s^2 + L[0, 1], s) = 3*s", file), "factor 2/3");
  EXPECT_EQ(lacks("diff(s^2 + L[0, 1], s) = 3*s^2 + sin(s)", file), "");
  EXPECT_EQ(lacks("diff(s^2*L[0, 0], s) = 3*s", file), "factor 2/3*L[0, 0]");
}

TEST(Lacks, Terms) {
  EXPECT_EQ(lacks("diff(x^3 - 2*x, x) = 3*x^2"), "term -2");
  EXPECT_EQ(lacks("(x + y)^2 = x^2 + y^2"), "term 2*x*y");
  EXPECT_EQ(lacks("x + 1e-12 = x"), "term 1e-12");
}

TEST(Lacks, NothingWhereSinglePointsDiffer) {
  EXPECT_EQ(lacks("(if x == 3 then 1 else 0) = 0"), "");
  EXPECT_EQ(lacks("x = y"), "term x - y");
}

TEST(Verdicts, FindSpecialPoints) {
  for (const char* claim :
       {"(if x == 17/3 then 1 else 0) = 0", "(if x == y then 1 else 0) = 0", "sign(x)^2 = 1", "abs(x) = x",
        "diff(abs(x), x) = if x >= 0 then 1 else -1", "diff(max(x, y), x) = if x > y then 1 else 0"})
    EXPECT_EQ(decided(claim).verdict.kind, Verdict::Kind::wrong) << claim;
}

TEST(Verdicts, SayWhereOnlyOneSideHasAValue) {
  const Decided found = decided("x/x = 1");
  EXPECT_EQ(found.verdict.kind, Verdict::Kind::tested);
  ASSERT_TRUE(found.verdict.test.only_one_defined);
  EXPECT_FALSE(isfinite(found.verdict.test.only_one_defined->left));
}

// Rounding in 100 digits is not a difference, however large the numbers are on the way.
TEST(Verdicts, DoNotTakeRoundingForADifference) {
  for (const char* claim : {"cosh(40*x)^2 - sinh(40*x)^2 = 1", "(1e60 + x) - 1e60 = x + 0*asinh(x)",
                            "exp(20*x)*exp(-20*x) + 0*asinh(x) = 1"})
    EXPECT_NE(decided(claim).verdict.kind, Verdict::Kind::wrong) << claim;
}

TEST(Verdicts, AreOpenWhereBlanksAreLeft) {
  for (const char* claim : {"diff(x^2, x) = ___", "_ = 2*x", "diff(x^2, x) = 2*__"}) {
    const Checked model = with_claim(claim);
    ASSERT_TRUE(model.model) << model.said;
    EXPECT_EQ(decide(*model.model, model.model->claims[0], 0).kind, Verdict::Kind::open);
  }
}

TEST(Verdicts, AreUndecidedWithoutAPoint) {
  EXPECT_EQ(decided("log(-1 - x^2) = 1 + log(-1 - x^2)").verdict.kind, Verdict::Kind::undecided);
}

// What the model computes does not depend on what is claimed of it.
TEST(Verdicts, LeaveTheModelAlone) {
  const Checked plain = checked("input x\na = x^2\nb = 2*x\n"),
                with = with_claim("diff(a, x) = b", "input x\na = x^2\nb = 2*x\n");
  ASSERT_TRUE(plain.model && with.model);
  EXPECT_EQ(plain.model->default_outputs.size(), with.model->default_outputs.size());
  EXPECT_EQ(plain.model->equations.size(), with.model->equations.size());
}

}  // namespace
}  // namespace gradc::test
