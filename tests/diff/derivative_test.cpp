// Forward and reverse mode on small systems, against high-precision differences and each other.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/diff/derivative.h"

#include <gtest/gtest.h>

#include "compiler/equations/verify.h"
#include "tests/diff/systems.h"
#include "tests/support/differences.h"

namespace gradc::test {
namespace {

void expect_near(const std::vector<double>& got, const std::vector<double>& want, const std::string& what) {
  ASSERT_EQ(got.size(), want.size()) << what;
  for (std::size_t i = 0; i < got.size(); ++i)
    EXPECT_NEAR(got[i], want[i], 1e-11 * (1 + std::abs(want[i]))) << what << " element " << i;
}

// ∂of/∂wrt in both modes against differences, and for scalars the Hessian too.
void expect_derivatives(Builder& b, TensorId of, std::initializer_list<TensorId> wrt, Point<double> point) {
  std::mt19937_64 random(7);
  fill_given(b.system, point, random);
  const std::vector<TensorId> parameters(wrt);
  System reverse = b.system;
  const std::vector<TensorId> adjoints = add_adjoints(reverse, of, parameters);
  ASSERT_EQ(verify(reverse), "");
  for (std::size_t k = 0; k < parameters.size(); ++k) {
    const std::string name = b.c.tensor(parameters[k]).name;
    const std::vector<double> want = differences(b.system, of, parameters[k], point);
    const auto got = Evaluator<double>(reverse, point).tensor(adjoints[k]);
    ASSERT_TRUE(got) << name;
    expect_near(got->reals, want, "reverse " + name);
    System forward = b.system;
    const TensorId jacobian = add_jacobian(forward, of, parameters[k]);
    ASSERT_EQ(verify(forward), "");
    const auto same = Evaluator<double>(forward, point).tensor(jacobian);
    ASSERT_TRUE(same) << name;
    expect_near(same->reals, want, "forward " + name);
    System second = reverse;
    const TensorId hessian = add_jacobian(second, adjoints[k], parameters[k]);
    ASSERT_EQ(verify(second), "");
    const auto curvature = Evaluator<double>(second, point).tensor(hessian);
    ASSERT_TRUE(curvature) << name;
    expect_near(curvature->reals, differences(reverse, adjoints[k], parameters[k], point), "second " + name);
  }
}

TEST(Derivative, OfOneFormula) {
  Builder b;
  const TensorId x = b.given("x");
  // (x² + x)³ and friends, with x used several times
  const Expr u = pow(b(x), 2) + b(x);
  const TensorId y = b.define("y", {}, pow(u, 3) + exp(-b(x)) * u / (1 + b(x) * b(x)));
  expect_derivatives(b, y, {x}, {});
}

TEST(Derivative, OfAHiddenLayer) {
  Builder b;
  const DimId D = b.dim("D", 3), H = b.dim("H", 4);
  const TensorId x = b.given("x", {D}), y = b.given("y"), w0 = b.given("w0", {D, H}), b0 = b.given("b0", {H}),
                 w1 = b.given("w1", {H}), b1 = b.given("b1");
  const Binder d = b.c.over(D, "d"), h = b.c.over(H, "h");
  const TensorId z0 =
      b.define("z0", {H}, sum({d}, b(x, {b.at(d)}) * b(w0, {b.at(d), b.slot(0, H)})) + b(b0, {b.slot(0, H)}));
  const TensorId a0 = b.define("a0", {H}, sigmoid(b(z0, {b.slot(0, H)})));
  const TensorId z1 = b.define("z1", {}, sum({h}, b(a0, {b.at(h)}) * b(w1, {b.at(h)})) + b(b1));
  const TensorId e = b.define("E", {}, Rational(1, 2) * pow(b(z1) - b(y), 2));
  expect_derivatives(b, e, {w0, b0, w1, b1, x}, {});
}

TEST(Derivative, OfAStridedConvolution) {
  Builder b;
  const DimId N = b.dim("N", 7), K = b.dim("K", 3), M = b.dim("M", 3);
  const TensorId x = b.given("x", {N}), w = b.given("w", {K});
  const Binder k = b.c.over(K, "k");
  const TensorId y = b.define("y", {M}, tanh(sum({k}, b(x, {2 * b.slot(0, M) + b.at(k)}) * b(w, {b.at(k)}))));
  expect_derivatives(b, y, {x, w}, {});
}

TEST(Derivative, OfACumulativeSum) {
  Builder b;
  const DimId N = b.dim("N", 5);
  const TensorId x = b.given("x", {N});
  Binder j = b.c.over(N, "j");
  j.upper = b.slot(0, N) + 1;
  const TensorId c = b.define("c", {N}, sum({j}, b(x, {b.at(j)}) * b(x, {b.slot(0, N) - b.at(j)})));
  expect_derivatives(b, c, {x}, {});
}

TEST(Derivative, OfAnEmbeddingAccumulatesWhereAMemberRepeats) {
  Builder b;
  const DimId T = b.dim("T", 4), V = b.dim("V", 3), D = b.dim("D", 2);
  const TensorId token = b.members("token", {T}, V), emb = b.given("emb", {V, D});
  const TensorId e = b.define("e", {T, D}, b(emb, {b(token, {b.slot(0, T)}), b.slot(1, D)}));
  const Binder t = b.c.over(T, "t"), d = b.c.over(D, "d");
  const TensorId f = b.define("f", {}, sum({t, d}, pow(b(e, {b.at(t), b.at(d)}), 3) * to_real(b.at(t) + 1)));
  Point<double> point;
  point.tensors[token] = {{4}, {}, {2, 0, 2, 2}};
  expect_derivatives(b, f, {emb}, point);
}

TEST(Derivative, OfAPackedTriangle) {
  Builder b;
  const DimId D = b.dim("D", 3), L = b.dim("L", 3);
  const TensorId l = b.given("l", {L}), q = b.given("q", {D}), v = b.given("v", {D});
  const TensorId tri = b.c.add_tensor({.name = "tri", .type = Type::integer, .dims = {D, D}, .member_of = L});
  const Expr r = b.slot(0, D), c = b.slot(1, D);
  b.define(tri, b.c.apply(op_exact_div, {c * (2 * b.c.size(D) - c - 1), b.c.integer(2)}) + r - c - 1);
  const TensorId Q =
      b.define("Q", {D, D},
               choose(equal(r, c), exp(b(q, {r})), choose(less(c, r), b(l, {b(tri, {r, c})}), b.c.real(0))));
  const Binder i = b.c.over(D, "i"), j = b.c.over(D, "j");
  const TensorId f =
      b.define("f", {}, sum({i}, pow(sum({j}, b(Q, {b.at(i), b.at(j)}) * b(v, {b.at(j)})), 2)));
  expect_derivatives(b, f, {l, q, v}, {});
}

TEST(Derivative, OfARecurrence) {
  Builder b;
  const DimId T = b.dim("T", 5), T1 = b.dim("T1", 6);
  const TensorId x = b.given("x", {T}), w = b.given("w"), u = b.given("u"), h0 = b.given("h0");
  const TensorId h = b.derived("h", {T1});
  const Expr t = b.slot(0, T1);
  b.define(h, choose(equal(t, b.c.integer(0)), b(h0), tanh(b(w) * b(h, {t - 1}) + b(u) * b(x, {t - 1}))));
  const TensorId e = b.define("E", {}, pow(b(h, {b.c.size(T)}), 2) + b(h, {b.c.integer(2)}));
  expect_derivatives(b, e, {w, u, h0, x}, {});
}

TEST(Derivative, OfATreeRecurrence) {
  Builder b;
  const DimId B = b.dim("B", 5);
  const TensorId parent = b.members("parent", {B}, B), s = b.given("s", {B});
  const TensorId g = b.derived("G", {B});
  const Expr i = b.slot(0, B), up = b(parent, {i});
  b.define(g, choose(equal(up, i), b(s, {i}), b(g, {up}) * b(s, {i})));
  const Binder j = b.c.over(B, "j");
  const TensorId e = b.define("E", {}, sum({j}, exp(b(g, {b.at(j)}) * Rational(1, 4))));
  Point<double> point;
  point.tensors[parent] = {{5}, {}, {0, 0, 0, 1, 1}};
  expect_derivatives(b, e, {s}, point);
}

TEST(Derivative, OfReductionsThatAreNotSums) {
  Builder b;
  const DimId N = b.dim("N", 4);
  const TensorId x = b.given("x", {N});
  auto whole = [&](const ReductionOperator& op, auto body) {
    const Binder i = b.c.over(N, "i");
    const Binder binders[] = {i};
    return b.c.reduce(op, binders, b.c.boolean(true), body(b(x, {b.at(i)})));
  };
  const TensorId y =
      b.define("y", {}, whole(reduce_prod, [](Expr e) { return e; }) + whole(reduce_max, [](Expr e) {
                          return e * e;
                        }) + whole(reduce_logsumexp, [](Expr e) {
                          return exp(e);
                        }) - whole(reduce_min, [](Expr e) { return tanh(e); }));
  expect_derivatives(b, y, {x}, {});
}

// u = r/θ is read under θ > 0 only: at θ = 0 its derivative is infinite, and must not leak through the name.
TEST(Derivative, OfAChoiceSelectsThroughNamedEquations) {
  Builder b;
  const TensorId r = b.given("r"), th = b.given("th");
  const TensorId s = b.define("s", {}, sqrt(b(th)));
  const TensorId u = b.define("u", {}, b(r) / b(s));
  const TensorId z = b.define("z", {}, choose(less(b.c.real(0), b(th)), b(u) * b(u), b(r) + 2 * b(th)));
  System system = b.system;
  const TensorId wrt[] = {r, th};
  const std::vector<TensorId> adjoints = add_adjoints(system, z, wrt);
  const TensorId second = add_jacobian(system, adjoints[1], r);
  Point<double> point;
  point.tensors[r] = {{}, {3}, {}};
  point.tensors[th] = {{}, {0}, {}};
  Evaluator<double> at(system, point);
  EXPECT_EQ(at.tensor(adjoints[0])->reals[0], 1);
  EXPECT_EQ(at.tensor(adjoints[1])->reals[0], 2);
  EXPECT_EQ(at.tensor(second)->reals[0], 0);
  point.tensors[th].reals = {4};
  Evaluator<double> above(system, point);
  EXPECT_NEAR(above.tensor(adjoints[0])->reals[0], 1.5, 1e-15);
  EXPECT_NEAR(above.tensor(adjoints[1])->reals[0], -9.0 / 16, 1e-15);
}

// A filter selects like a choice: the named quotient is infinite where it is not read.
TEST(Derivative, OfAFilteredSumSelects) {
  Builder b;
  const DimId N = b.dim("N", 3);
  const TensorId r = b.given("r", {N}), d = b.given("d", {N});
  const TensorId u = b.define("u", {N}, b(r, {b.slot(0, N)}) / b(d, {b.slot(0, N)}));
  const Binder i = b.c.over(N, "i");
  const Binder binders[] = {i};
  const TensorId e =
      b.define("E", {}, sum(binders, not_equal(b(d, {b.at(i)}), b.c.real(0)), b(u, {b.at(i)})));
  System system = b.system;
  const TensorId wrt[] = {r, d};
  const std::vector<TensorId> adjoints = add_adjoints(system, e, wrt);
  Point<double> point;
  point.tensors[r] = {{3}, {1, 2, 3}, {}};
  point.tensors[d] = {{3}, {2, 0, 4}, {}};
  Evaluator<double> at(system, point);
  EXPECT_EQ(at.tensor(adjoints[0])->reals, (std::vector<double>{0.5, 0, 0.25}));
  EXPECT_EQ(at.tensor(adjoints[1])->reals, (std::vector<double>{-0.25, 0, -3.0 / 16}));
}

TEST(Derivative, StopBlocksAtEveryOrder) {
  Builder b;
  const TensorId x = b.given("x");
  const TensorId y = b.define("y", {}, b(x) * b.c.apply(op_stop, {b(x)}));
  System system = b.system;
  const TensorId first = add_adjoints(system, y, std::span(&x, 1))[0];
  const TensorId second = add_jacobian(system, first, x);
  Point<double> point;
  point.tensors[x] = {{}, {3}, {}};
  Evaluator<double> at(system, point);
  EXPECT_EQ(at.tensor(first)->reals[0], 3);
  EXPECT_EQ(at.tensor(second)->reals[0], 0);
}

TEST(Derivative, OfWhatDoesNotDependIsZeroOfItsShape) {
  Builder b;
  const DimId N = b.dim("N", 3);
  const TensorId x = b.given("x"), w = b.given("w", {N});
  const TensorId y = b.define("y", {}, b(x) * b(x));
  System system = b.system;
  const TensorId adjoint = add_adjoints(system, y, std::span(&w, 1))[0];
  Point<double> point;
  point.tensors[x] = {{}, {3}, {}};
  EXPECT_EQ(Evaluator<double>(system, point).tensor(adjoint)->reals, (std::vector<double>{0, 0, 0}));
}

TEST(Derivative, ByAnIntermediateHoldsWhatIsUpstream) {
  Builder b;
  const TensorId x = b.given("x");
  const TensorId z = b.define("z", {}, b(x) * b(x));
  const TensorId y = b.define("y", {}, b(z) * b(x));
  System system = b.system;
  const TensorId wrt[] = {z, x};
  const std::vector<TensorId> adjoints = add_adjoints(system, y, wrt);
  Point<double> point;
  point.tensors[x] = {{}, {3}, {}};
  Evaluator<double> at(system, point);
  EXPECT_EQ(at.tensor(adjoints[0])->reals[0], 3);
  EXPECT_EQ(at.tensor(adjoints[1])->reals[0], 27);
}

TEST(Derivative, ExpressionLevel) {
  Builder b;
  const DimId N = b.dim("N", 2);
  const TensorId t = b.given("t"), v = b.given("v", {N});
  const Expr body = pow(b(t), 3) * 5;
  const TensorId fprime = b.define("fp", {}, derivative(body, t));
  const Binder i = b.c.over(N, "i");
  const Expr target[] = {b.slot(0, N)};
  const TensorId g = b.define("g", {N}, gradient(sum({i}, pow(b(v, {b.at(i)}), 2)), v, target));
  Point<double> point;
  point.tensors[t] = {{}, {2}, {}};
  point.tensors[v] = {{2}, {3, 5}, {}};
  Evaluator<double> at(b.system, point);
  EXPECT_EQ(at.tensor(fprime)->reals[0], 60);
  EXPECT_EQ(at.tensor(g)->reals, (std::vector<double>{6, 10}));
  EXPECT_FALSE(derivative(b.c.real(4), t));
}

}  // namespace
}  // namespace gradc::test
