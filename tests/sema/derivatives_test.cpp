// Derivatives as the language has them: elements, directions, modes, functions, any order.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <ctime>

#include "tests/sema/checked.h"

namespace gradc::test {
namespace {

using V = std::vector<double>;

void expect_near(const V& actual, const V& expected, double scale = 1) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t k = 0; k < actual.size(); ++k)
    EXPECT_NEAR(actual[k], expected[k], 1e-12 * scale) << "element " << k;
}

// Each pair of names has the same value.
void expect_equal(const std::string& text, std::initializer_list<std::pair<const char*, const char*>> pairs,
                  const std::map<std::string, V>& point = {}) {
  const Checked c = checked(text);
  ASSERT_TRUE(c.model) << c.said;
  EXPECT_EQ(verify(c.model->system), "");
  for (const auto& [a, b] : pairs) {
    SCOPED_TRACE(std::string(a) + " and " + b);
    expect_near(values(c, a, point), values(c, b, point));
  }
}

const std::string network = R"(
dim N = 3, D = 2, H = 2
const x[N, D] = [[1, 2], [-1, 1/2], [0, 3]], u[N, H] = [[1, 2], [0, 1], [3, 1]]
const w[D, H] = [[1/2, -1], [1/4, 1/3]], s[D, H] = [[1, 0], [1/2, 2]]
a[n, h] = tanh(sum(d) x[n, d]*w[d, h])
E[n] = (sum(h) a[n, h]*u[n, h])^2
F = sum(n) E[n]*exp(-E[n]/4)
)";

TEST(LanguageDerivatives, OfElementsAreThoseOfWholes) {
  expect_equal(network + R"(
whole = jacobian(E, w)
each[n, d, h] = diff(E[n], w[d, h])
row[n] = diff(E[n], w)
J = jacobian(a, x)
own[n, h, d] = diff(a[n, h], x[n, d])
picked[n, h, d] = J[n, h, n, d]
shifted[n in 0..1, h, d] = diff(a[n + 1, h], x[n + 1, d])
expected[n in 0..1, h, d] = J[n + 1, h, n + 1, d]
other[n in N, h, d] = if n > 0 then diff(a[n - 1, h], x[n, d]) else 1
none[n in N, h in H, d in D] = if n > 0 then 0 else 1
one = diff(F, w[1, 0])
gradient = diff(F, w)
that = gradient[1, 0]
)",
               {{"whole", "each"},
                {"whole", "row"},
                {"own", "picked"},
                {"shifted", "expected"},
                {"other", "none"},
                {"one", "that"}});
}

TEST(LanguageDerivatives, AreTheSameInBothModes) {
  expect_equal(network + R"(
f1 = jacobian(E, w, mode = forward)
r1 = jacobian(E, w, mode = reverse)
f2 = diff(F, w, mode = forward)
r2 = diff(F, w, mode = reverse)
f3 = hessian(F, w, mode = forward)
r3 = hessian(F, w, mode = reverse)
f4[n, d, h] = diff(E[n], w[d, h], mode = forward)
r4[n, d, h] = diff(E[n], w[d, h], mode = reverse)
f5 = diff(F, w, w, w, mode = forward)
r5 = diff(F, w, w, w, mode = reverse)
)",
               {{"f1", "r1"}, {"f2", "r2"}, {"f3", "r3"}, {"f4", "r4"}, {"f5", "r5"}});
}

TEST(LanguageDerivatives, OfSecondOrder) {
  expect_equal(network + R"(
G = hessian(F, w)
nested = diff(diff(F, w), w)
diagonal[d, h] = diff(F, w[d, h], w[d, h])
of_it[d, h] = G[d, h, d, h]
cross = hessian(F, w, x)
turned = hessian(F, x, w)
back[d, h, n, e] = turned[n, e, d, h]
product = hvp(F, w, s)
by_hand[d, h] = sum(i, j) G[d, h, i, j]*s[i, j]
each[n] = hvp(E[n], w, s)
GE[n, d, h, i in D, j in H] = diff(E[n], w[d, h], w[i, j])
each_by_hand[n, d, h] = sum(i, j) GE[n, d, h, i, j]*s[i, j]
along = jvp(F, w, s)
of_product = jvp(along, w, s)
twice = sum(d, h) product[d, h]*s[d, h]
third = hvp(along, w, s)
T = diff(F, w, w, w)
third_by_hand[d, h] = sum(i, j, k, l) T[d, h, i, j, k, l]*s[i, j]*s[k, l]
)",
               {{"G", "nested"},
                {"diagonal", "of_it"},
                {"cross", "back"},
                {"product", "by_hand"},
                {"each", "each_by_hand"},
                {"of_product", "twice"},
                {"third", "third_by_hand"}});
}

TEST(LanguageDerivatives, AlongDirectionsOfEachIndex) {
  expect_equal(network + R"(
J = jacobian(E, w)
forward[n] = jvp(E[n], w, s*x[n, 0])
by_hand[n] = x[n, 0]*(sum(d, h) J[n, d, h]*s[d, h])
all[k in N] = jvp(E, w, s*x[k, 1])
all_by_hand[k in N, n] = x[k, 1]*(sum(d, h) J[n, d, h]*s[d, h])
A = jacobian(a, w)
back[k in N] = vjp(a[k], w, u[k])
back_by_hand[k in N, d, h] = sum(j) u[k, j]*A[k, j, d, h]
moving = vjp(a, w, a)
second = jacobian(moving, w)
moving_by_hand[d, h] = sum(n, j) a[n, j]*A[n, j, d, h]
second_by_hand = jacobian(moving_by_hand, w)
)",
               {{"forward", "by_hand"},
                {"all", "all_by_hand"},
                {"back", "back_by_hand"},
                {"moving", "moving_by_hand"},
                {"second", "second_by_hand"}});
}

TEST(LanguageDerivatives, InsideFunctions) {
  expect_equal(R"(
dim N = 3, D = 2
const x[N] = [1, 2, 3], c[D] = [1/2, 2], v[D] = [1, -1]
phi(t, w) = sin(w*t)*t
slope(t, w) = diff(phi(t, w), t)
bend(t, w) = diff(diff(phi(t, w), t), w)
energy(q[A]) = (sum(i) q[i]^2)^2
force(q[A])[i] = diff(energy(q), q[i])
stiff(q[A], p[A]) = hvp(energy(q), q, p)
y[n] = slope(x[n], 2)
y_by_hand[n] = 2*x[n]*cos(2*x[n]) + sin(2*x[n])
z[n] = bend(x[n], 2)
z_by_hand[n] = 2*x[n]*cos(2*x[n]) - 2*x[n]^2*sin(2*x[n])
f = force(c)
f_by_hand[d] = 4*c[d]*(sum(i) c[i]^2)
k = stiff(c, v)
k_by_hand = hvp(E, c, v)
E = energy(c)
)",
               {{"y", "y_by_hand"}, {"z", "z_by_hand"}, {"f", "f_by_hand"}, {"k", "k_by_hand"}});
}

// stop blocks at every order, in both modes: f = x·stop(x) has f' = stop(x) and f'' = 0.
TEST(LanguageDerivatives, StopBlocksAtEveryOrderInEveryMode) {
  const Checked c = checked(R"(
const x = 3, v = 1
f = x*stop(x)
g = x*stop(x)^2 + x^2
a = diff(f, x)
b = diff(f, x, x)
c = diff(f, x, x, mode = reverse)
d = hvp(f, x, v)
e = jvp(diff(g, x), x, v)
h = diff(g, x, mode = forward)
)");
  ASSERT_TRUE(c.model) << c.said;
  const std::pair<const char*, double> expected[] = {{"a", 3}, {"b", 0}, {"c", 0},
                                                     {"d", 0}, {"e", 2}, {"h", 15}};
  for (const auto& [name, value] : expected) {
    SCOPED_TRACE(name);
    expect_near(values(c, name), {value});
  }
}

// An index that repeats accumulates.
TEST(LanguageDerivatives, GatherAndScatter) {
  expect_equal(R"(
dim N = 3, M = 5, D = 2
const src[M] in N = [0, 1, 1, 2, 2], dst[M] in N = [1, 2, 2, 0, 2]
const h[N, D] = [[1, 2], [3, 4], [5, 6]], weight[M] = [1, 2, 3, 4, 5]
m[e, d] = weight[e]*h[src[e], d]^2
arrived[n in N, d in D] = sum(e if dst[e] == n) m[e, d]
E = sum(n, d) arrived[n, d]^2
g = diff(E, h)
by_hand[n in N, d] = sum(e if src[e] == n) 2*arrived[dst[e], d]*weight[e]*2*h[n, d]
J[e, d] = diff(m[e, d], h[src[e], d])
J_by_hand[e, d] = 2*weight[e]*h[src[e], d]
)",
               {{"g", "by_hand"}, {"J", "J_by_hand"}});
}

TEST(LanguageDerivatives, OfManyStatementsTakeTimeOfTheirOwn) {
  std::string text = "const x = 2\n";
  for (int k = 0; k < 3000; ++k) {
    const std::string n = std::to_string(k);
    text += "y" + n + " = x^" + std::to_string(k % 7 + 2) + "\ng" + n + " = diff(y" + n + ", x)\n";
  }
  const std::clock_t begin = std::clock();  // of the processor: others may be busy beside
  const Checked c = checked(text);
  ASSERT_TRUE(c.model) << c.said;
  EXPECT_LT(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC, 3);
}

}  // namespace
}  // namespace gradc::test
