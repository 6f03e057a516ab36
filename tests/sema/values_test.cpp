// What programs mean: values of checked models, by hand or by another way of writing them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <cmath>

#include "tests/sema/checked.h"

namespace gradc::test {
namespace {

using V = std::vector<double>;

void expect_near(const V& actual, const V& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t k = 0; k < actual.size(); ++k)
    EXPECT_NEAR(actual[k], expected[k], 1e-12) << "element " << k;
}

TEST(Values, ScalarFormulas) {
  expect_near(values(checked("input x\ny = 3*x^4 + 2*x^2"), "y", {{"x", {2}}}), {56});
  expect_near(values(checked("input x\ny = (x^2 + x)^3"), "y", {{"x", {2}}}), {216});
  expect_near(values(checked("input x\ny = -x^2"), "y", {{"x", {3}}}), {-9});
  expect_near(values(checked("input x\ny = 2^-x"), "y", {{"x", {3}}}), {0.125});
  expect_near(values(checked("y = 1/3 + 2/3"), "y"), {1});
  expect_near(values(checked("input x\ny = if 0 < x <= 1 then x else 7"), "y", {{"x", {3}}}), {7});
  expect_near(values(checked("y = 2*pi"), "y"), {2 * std::acos(-1.0)});
}

TEST(Values, OrderIsFree) {
  expect_near(values(checked("z = y + 1\ny = 2*x\ninput x"), "z", {{"x", {4}}}), {9});
}

const char* hidden_layer = R"(
dim D = 3, H = 2
input  x[D]
target y
param  w0[D, H] init glorot_uniform
param  b0[H]    init 0
param  w1[H]    init glorot_uniform
param  b1       init 0
z0[h] = sum(d) x[d] * w0[d, h] + b0[h]
a0    = sigmoid(z0)
z1    = sum(h) a0[h] * w1[h] + b1
E     = 1/2 * (z1 - y)^2
minimize E
metric   error = abs(z1 - y)
train {
  optimizer = sgd(rate = 0.1)
  batch     = 32
  epochs    = 200
  seed      = 7
}
)";

TEST(Values, HiddenLayer) {
  const Checked c = checked(hidden_layer);
  ASSERT_TRUE(c.model) << c.said;
  EXPECT_EQ(c.said, "");
  EXPECT_EQ(verify(c.model->system), "");
  const std::map<std::string, V> point = {
      {"x", {1, 2, 3}},     {"y", {0.5}},        {"w0", {0.1, -0.2, 0.3, 0.4, -0.5, 0.6}},
      {"b0", {0.01, 0.02}}, {"w1", {0.7, -0.8}}, {"b1", {0.9}}};
  const double s0 = 1 / (1 + std::exp(-(0.1 + 0.6 - 1.5 + 0.01))),
               s1 = 1 / (1 + std::exp(-(-0.2 + 0.8 + 1.8 + 0.02)));
  const double z = s0 * 0.7 - s1 * 0.8 + 0.9;
  expect_near(values(c, "E", point), {0.5 * (z - 0.5) * (z - 0.5)});
  expect_near(values(c, "error", point), {std::abs(z - 0.5)});
  EXPECT_EQ(c.model->train.options.batch, 32);
  EXPECT_EQ(c.model->train.options.optimizer.name, "sgd");
  EXPECT_EQ(c.model->train.options.optimizer.arguments[0].value, 0.1);
  ASSERT_EQ(c.model->declarations.size(), 6u);
  EXPECT_EQ(c.model->declarations[2].initialiser->call->name, "glorot_uniform");
  EXPECT_TRUE(c.model->declarations[3].initialiser->given.uniform->is_constant(0));
}

TEST(Values, MatrixSugarIsIndices) {
  const char* text = R"(
dim A = 2, B = 3
const x[A], w[A, B], v[B]
y = x @ w
t = w'
q = w @ v
s = x @ w @ v
r = (x + 1) @ w * 2 + v
n = relu(x @ w) @ v
)";
  const std::map<std::string, V> p = {{"x", {1, 2}}, {"w", {1, -2, 3, 4, 5, -6}}, {"v", {1, 10, 100}}};
  const Checked c = checked(text);
  expect_near(values(c, "y", p), {9, 8, -9});
  expect_near(values(c, "t", p), {1, 4, -2, 5, 3, -6});
  expect_near(values(c, "q", p), {281, -546});
  expect_near(values(c, "s", p), {281 - 1092});
  expect_near(values(c, "r", p), {29, 32, 76});
  expect_near(values(c, "n", p), {9 + 80});
}

TEST(Values, Reductions) {
  const char* text = R"(
dim N = 4
const x[N]
total = sum(i) x[i]
m = mean(i) x[i]
big = max(i) x[i]
low = min(i) x[i]
p = prod(i in 1..4) i
tri[i in N] = sum(j in 0..i) x[j]
odd = sum(i if mod(i, 2) == 1) x[i]
avg = mean(i if x[i] > 2) x[i]
where_max = argmax(i) x[i]
some = any(i) (x[i] > 3)
pairs = sum(i, j if i < j) x[i]*x[j]
lse = logsumexp(i) x[i]
)";
  const std::map<std::string, V> p = {{"x", {1, 4, 2, 3}}};
  const Checked c = checked(text);
  expect_near(values(c, "total", p), {10});
  expect_near(values(c, "m", p), {2.5});
  expect_near(values(c, "big", p), {4});
  expect_near(values(c, "low", p), {1});
  expect_near(values(c, "p", p), {24});
  expect_near(values(c, "tri", p), {1, 5, 7, 10});
  expect_near(values(c, "odd", p), {7});
  expect_near(values(c, "avg", p), {3.5});
  expect_near(values(c, "where_max", p), {1});
  expect_near(values(c, "some", p), {1});
  expect_near(values(c, "pairs", p), {35});
  expect_near(values(c, "lse", p), {std::log(std::exp(1) + std::exp(4) + std::exp(2) + std::exp(3))});
}

TEST(Values, ConvolutionTakesTheLargestRange) {
  const char* text = R"(
dim N = 7, K = 3
const x[N], w[K]
y[i] = sum(k) x[2*i + k] * w[k]
back[i] = x[N - 1 - i]
two[i in 0..1] = x[i + 1]
)";
  const std::map<std::string, V> p = {{"x", {1, 2, 3, 4, 5, 6, 7}}, {"w", {1, 10, 100}}};
  const Checked c = checked(text);
  expect_near(values(c, "y", p), {321, 543, 765});
  expect_near(values(c, "back", p), {7, 6, 5, 4, 3, 2, 1});
  expect_near(values(c, "two", p), {2, 3});
  // With a size from the data, the range is a size too.
  const Checked r = checked("dim N, K = 3\nconst x[N], w[K]\ny[i] = sum(k) x[2*i + k] * w[k]");
  expect_near(values(r, "y", p, {{"N", 7}}), {321, 543, 765});
}

TEST(Values, MembersAndGathers) {
  const char* text = R"(
dim K = 3, D = 2
input z[K]
target label in K
const emb[K, D]
loss = logsumexp(z) - z[label]
e = emb[label]
dim L = K*(K-1)/2
tri[r in K, c in K] in L = c*(2*K - c - 1)/2 + r - c - 1
const l[L]
Q[r, c] = if r > c then l[tri[r, c]] else 0
)";
  const std::map<std::string, V> p = {
      {"z", {1, 2, 3}}, {"label", {1}}, {"emb", {1, 2, 3, 4, 5, 6}}, {"l", {7, 8, 9}}};
  const Checked c = checked(text);
  expect_near(values(c, "loss", p), {std::log(std::exp(1) + std::exp(2) + std::exp(3)) - 2});
  expect_near(values(c, "e", p), {3, 4});
  expect_near(values(c, "Q", p), {0, 0, 0, 7, 0, 0, 8, 9, 0});
}

TEST(Values, Functions) {
  const char* text = R"(
dim D = 2, H = 3
const x[D], w[D, H], b[H]
f(x) = 5*x^3
dense(x[A], w[A, B], b[B])[j] = sum(i) x[i]*w[i, j] + b[j]
net(x[A], w[A, B], b[B]) = softmax(dense(x, w, b))
p(x, n) = x^n
y = f(2)
g = f(x)
z = dense(x, w, b)
s = net(x, w, b)
c = p(3, 2) + p(x[1], 3)
)";
  const std::map<std::string, V> p = {{"x", {1, 2}}, {"w", {1, 2, 3, 4, 5, 6}}, {"b", {0, 1, -1}}};
  const Checked c = checked(text);
  expect_near(values(c, "y", p), {40});
  expect_near(values(c, "g", p), {5, 40});
  expect_near(values(c, "z", p), {9, 13, 14});
  const double total = std::exp(9) + std::exp(13) + std::exp(14);
  expect_near(values(c, "s", p), {std::exp(9) / total, std::exp(13) / total, std::exp(14) / total});
  expect_near(values(c, "c", p), {17});
}

TEST(Values, FunctionsOfTheLanguageAsArguments) {
  const char* text = R"(
dim N = 4
const x[N]
of(F, a, b) = F(a, b)
halves[i in N] = x[of(div, i, 2)]
rests[i in N] = x[of(mod, i, 2)]
)";
  const std::map<std::string, V> p = {{"x", {1, 2, 3, 4}}};
  const Checked c = checked(text);
  expect_near(values(c, "halves", p), {1, 1, 2, 2});
  expect_near(values(c, "rests", p), {1, 2, 1, 2});
}

TEST(Values, DerivativesInTheLanguage) {
  const char* text = R"(
dim D = 2
input x
const v[D], M[D, D]
f(t) = 5*t^3
d1 = f'(x)
d2 = f''(x)
q(u[A]) = sum(i) u[i]^3
g = q'(v)
h = q''(v)
E = x^3 + sum(i, j) v[i]*M[i, j]*v[j]
dx = diff(E, x)
dv = diff(E, v)
dM = diff(E, M)
dvv = diff(E, v, v)
H = hessian(E, v)
hv = hvp(E, v, v)
z[i] = sum(j) M[i, j]*v[j]^2
J = jacobian(z, v)
jv = jvp(z, v, v)
vj = vjp(z, v, v)
own(t) = diff(t^2 * x, t)
o = own(3)
ds = sin'(x)
held = x * stop(x)
dheld = diff(held, x)
)";
  const std::map<std::string, V> p = {{"x", {2}}, {"v", {1, 2}}, {"M", {1, 2, 3, 4}}};
  const Checked c = checked(text);
  ASSERT_TRUE(c.model) << c.said;
  EXPECT_EQ(verify(c.model->system), "");
  expect_near(values(c, "d1", p), {60});
  expect_near(values(c, "d2", p), {60});
  expect_near(values(c, "g", p), {3, 12});
  expect_near(values(c, "h", p), {6, 0, 0, 12});
  expect_near(values(c, "dx", p), {12});
  expect_near(values(c, "dv", p), {12, 21});
  expect_near(values(c, "dM", p), {1, 2, 2, 4});
  expect_near(values(c, "dvv", p), {2, 5, 5, 8});
  expect_near(values(c, "H", p), {2, 5, 5, 8});
  expect_near(values(c, "hv", p), {12, 21});
  expect_near(values(c, "J", p), {2, 8, 6, 16});
  expect_near(values(c, "jv", p), {18, 38});
  expect_near(values(c, "vj", p), {14, 40});
  expect_near(values(c, "o", p), {12});
  expect_near(values(c, "ds", p), {std::cos(2.0)});
  expect_near(values(c, "dheld", p), {2});
}

TEST(Values, SpellingsOfRelu) {
  const char* text = R"(
input x
zero = 0
m = diff(a, x)
a = max(x, 0)
b = max(0, x)
c = max(x, zero)
d = relu(x)
both(p, q) = max(p, q)
e = both(x, 0)
db = diff(b, x)
dc = diff(c, x)
dd = diff(d, x)
de = diff(e, x)
tie = diff(max(x, x^1), x)
)";
  const Checked c = checked(text);
  const std::map<std::string, V> p = {{"x", {0}}};
  for (const char* name : {"m", "db", "dc", "dd", "de"}) expect_near(values(c, name, p), {0});
  expect_near(values(c, "tie", p), {1});
}

TEST(Values, ArrayLiterals) {
  const char* text = R"(
dim A = 2, B = 3
const s[A] = [1, 1/2]
param th init [1, 1, 1][0]
const t
R[A, A] = [[cos(t), -sin(t)], [sin(t), cos(t)]]
cross(a[B], b[B])[i in B] = [a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]][i]
const u[B], v[B]
w = cross(u, v)
y = R @ [1, 0]
)";
  const std::map<std::string, V> p = {{"t", {0}}, {"u", {1, 2, 3}}, {"v", {4, 5, 6}}};
  const Checked c = checked(text);
  expect_near(values(c, "R", p), {1, 0, 0, 1});
  expect_near(values(c, "w", p), {-3, 6, -3});
  expect_near(values(c, "y", p), {1, 0});
}

TEST(Values, FunctionsOfVectorsAndMatrices) {
  const char* text = R"(
dim A = 2, B = 3
const x[A], y[A], v[B], M[A, A], W[A, B]
n = norm(x)
dn = diff(n, x)
d = dot(x, y)
o = outer(x, v)
t = trace(M)
e = diag(M)
D = diag(x)
c = cumsum(v)
p = log_softmax(v)
rows = softmax(W)
fro = norm(W)
)";
  const std::map<std::string, V> p = {
      {"x", {3, 4}}, {"y", {1, 2}}, {"v", {1, 2, 3}}, {"M", {1, 2, 3, 4}}, {"W", {0, 0, 0, 1, 1, 1}}};
  const Checked c = checked(text);
  expect_near(values(c, "n", p), {5});
  expect_near(values(c, "dn", p), {0.6, 0.8});
  expect_near(values(c, "dn", {{"x", {0, 0}}}), {0, 0});
  expect_near(values(c, "d", p), {11});
  expect_near(values(c, "o", p), {3, 6, 9, 4, 8, 12});
  expect_near(values(c, "t", p), {5});
  expect_near(values(c, "e", p), {1, 4});
  expect_near(values(c, "D", p), {3, 0, 0, 4});
  expect_near(values(c, "c", p), {1, 3, 6});
  const double total = std::log(std::exp(1) + std::exp(2) + std::exp(3));
  expect_near(values(c, "p", p), {1 - total, 2 - total, 3 - total});
  expect_near(values(c, "rows", p), V(6, 1.0 / 3));
  expect_near(values(c, "fro", p), {std::sqrt(3.0)});
}

}  // namespace
}  // namespace gradc::test
