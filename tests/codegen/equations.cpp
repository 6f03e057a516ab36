// Models as machine code: interpreter and both levels of the JIT agree bit for bit, and with the evaluator to
// rounding, for batches of any size from one program.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/machine.h"
#include "tests/support/model_text.h"
#include "tests/support/networks.h"

namespace gradc::test {
namespace {

struct Compiled {
  explicit Compiled(const std::string& text) : file(model_of(text)), spec(gradient_of(file)) {}
  driver::ModelFile file;
  kernel::FunctionSpec spec;  // the sum of the objective over the batch, and its gradient by all params
};

void agrees(const std::string& text, const kernel::LowerOptions& options, double tolerance,
            std::initializer_list<std::int64_t> batches) {
  const Compiled m(text);
  const kernel::Program program = kernel::lower(m.spec, options);
  const codegen::Model model{"test", options.f32 ? GRADC_F32 : GRADC_F64, std::span(&program, 1)};
  const codegen::JitModel plain(model, {.level = 0}), fast(model);
  for (std::int64_t n : batches) {
    const Point<double> point = random_point(*m.file.context, m.spec, n);
    std::vector<std::int64_t> sizes;
    if (program.batch >= 0) sizes.push_back(n);
    Call interpreted(program, m.spec, point, sizes);
    ASSERT_EQ(interpreted.interpret(), GRADC_OK);
    const auto values = interpreted.results();
    Evaluator<double> evaluator(m.spec.system, point);
    for (std::size_t r = 0; r < values.size(); ++r) {
      const auto want = evaluator.tensor(m.spec.results[r].tensor);
      ASSERT_TRUE(want) << evaluator.error();
      double largest = 1;
      for (double w : want->reals) largest = std::max(largest, std::abs(w));
      for (std::size_t i = 0; i < values[r].size(); ++i)
        EXPECT_NEAR(values[r][i], want->reals[i], tolerance * largest)
            << "result " << r << " element " << i << ", batch " << n << "\n"
            << kernel::print(program);
    }
    for (const codegen::JitModel* jit : {&plain, &fast}) {
      Call compiled(program, m.spec, point, sizes);
      EXPECT_EQ(compiled.run(jit->info().functions[0]), GRADC_OK);
      EXPECT_EQ(different_bits(values, compiled.results()), "") << "batch " << n;
    }
  }
}

// Convolution, activation without a name, and pooling in windows that lie apart, overlap, or leave a rest.
TEST(Equations, ConvolutionAndPooling) {
  const auto text = [](const char* step, const char* last, const char* positions) {
    return std::string("dim P = 11, R = 3, F = 5, A = P - R + 1, B = ") + positions +
           "\ninput x[P, P]\nparam c[F, R, R] init 0.5\nparam b[F] init 0\nparam v[F, B, B] init 1\n"
           "y[f, i in A, j in A] = relu(sum(r, s) x[i + r, j + s]/8*c[f, r, s] + b[f])\n"
           "p[f, i in B, j in B] = max(r in 0.." +
           last + ", s in 0.." + last + ") y[f, " + step + "*i + r, " + step +
           "*j + s]\nE = sum(f, i, j) tanh(p[f, i, j]*v[f, i, j])\nminimize E\n";
  };
  for (const std::string& model :
       {text("2", "1", "4"), text("3", "2", "3"), text("1", "1", "7"), text("3", "1", "3")}) {
    agrees(model, {}, 1e-12, {1, 4});
    agrees(model, {.products = false}, 1e-12, {3});
  }
}

// A convolution over several channels: its gradient by what it slides over is a product and a sum of shifts,
// with strides and without.
TEST(Equations, GradientsOfConvolutionsOverChannels) {
  for (const auto& [size, step] : {std::pair{"P - R + 1", ""}, {"4", "2*"}}) {
    const std::string at = std::string("[f, ") + step + "i + r, " + step + "j + s]";
    const std::string model = std::string("dim P = 9, R = 3, F = 4, G = 12, A = ") + size +
                              "\ninput x[F, P, P], w[F]\nparam c[G, F, R, R] init 0.5\nparam u init 1\n"
                              "y[f, i, j] = x[f, i, j]*u + w[f]*u^2\n"
                              "z[g, i in A, j in A] = tanh(sum(f, r, s) y" +
                              at + "*c[g, f, r, s]/16)\nE = sum(g, i, j) z[g, i, j]^2\nminimize E\n";
    agrees(model, {}, 1e-12, {2});
    agrees(model, {.products = false}, 1e-12, {1});
  }
}

// A filter that compares two elements of the same dim belongs to the sum, not to what flows back to one of
// them.
TEST(Equations, FiltersOfTwoElements) {
  for (const char* filter : {"g[j] < g[i]", "x[j] < x[i]", "j < i and x[j] <= x[i]", "q[j] < x[i]"})
    agrees(
        "dim N = 9\ninput g[N]\nparam x[N] init 1, q[N] init 0\n"
        "y[i] = sum(j if " +
            std::string(filter) + ") x[j]\nE = sum(i) y[i]^2 + sum(i) g[i]*q[i]\nminimize E\n",
        {}, 1e-12, {1, 3});
}

// What a filter keeps out is not multiplied: log(x[j]) has no value where the filter does not hold.
TEST(Equations, FiltersThatKeepOutWhatIsNoNumber) {
  agrees(R"(
dim N = 40, M = 40, K = 40
input x[N, M]
param w[M, K] init 0.5
param v[K] init 0.5
u[n, k] = sum(m if x[n, m] > 0) w[m, k]*log(x[n, m])
E = sum(n, k) (if v[k] > 0 then log(v[k])*u[n, k] else v[k])^2
minimize E
)",
         {}, 1e-11, {1, 3});
}

// Loops over lanes are split where their conditions on positions are known: reads behind either end, a
// diagonal, a condition of the loop around, and sums, whose terms keep their order.
TEST(Equations, ReadsBesideTheirPlaceNearTheEndsAndBetween) {
  for (const char* n : {"3", "31", "40", "67", "100"}) {
    const std::string start = std::string("dim N = ") + n + "\nparam x[N] init 1, w[N] init 1\n";
    agrees(start + R"(
y[i] = (if i >= 2 then x[i - 2]*w[i] else 1) + (if i + 3 < N then x[i + 3] else w[0]) + (if i == N - 5 then 2*x[i] else x[i])
E = sum(i if 1 <= i and i < N - 1) y[i]*y[i - 1]*y[i + 1] + prod(i if i != 4) (1 + y[i]/100)
minimize E
)",
           {}, 1e-12, {1});
    agrees("dim T = 3\n" + start + R"(
h[0, i] = x[i]
h[t + 1, i in N] = h[t, i] + (if i > 0 then w[i]*h[t, i - 1] else x[0]) - (if i + 1 < N then h[t, i + 1]/2 else 0)   for t in T
E = sum(i, j) (if i == j then 2 else if j == i - 1 then x[j] else 1/9)*h[T, i]*h[T, j]
minimize E
)",
           {}, 1e-11, {1});
  }
}

// What is left of long loops is done one by one: reductions put it into the lane that it belongs to.
TEST(Equations, RestsOfLongLoops) {
  const std::string text = R"(
dim K = 3
const c[N, K]
param x[N] init normal(0, 1)
y[i] = x[i]*c[N - 1 - i, 2] + (if x[i] > 0 then c[i, 1]*sin(x[i]) else x[i]^2)
S = sum(i) c[i, 0]*y[i]
E = (sum(i if y[i] > 0.1) y[i]) + S^2
minimize E
)";
  for (const char* n : {"1024", "1031", "2063"}) {
    agrees("dim N = " + std::string(n) + text, {}, 1e-11, {1});
    agrees("dim N = " + std::string(n) + text, {.f32 = true}, 1e-3, {1});
  }
  // in blocks of at least so many
  agrees("dim N = 20009" + text, {}, 1e-10, {1});
}

// Products of small matrices side by side: their elements lie apart, and lanes do not pay.
TEST(Equations, ElementsThatLieApart) {
  agrees(R"(
dim N = 22, K = 4
param A[N, K, K] init normal(0, 1), B[N, K, K] init normal(0, 1)
C[n] = A[n] @ B[n]
E = sum(n, i, j) sin(C[n, i, j])*A[n, j, i]
minimize E
)",
         {}, 1e-12, {1});
}

// Segments of time without anything in common have loops of their own.
TEST(Equations, SegmentsThatHaveNothingInCommon) {
  agrees(R"(
dim N = 63
param x[N] init 1, y[N] init 1
u[i in N] = if i == N - 1 then y[i] else 0.7*sin(u[i + 1])
v[i in N] = if i != N - 1 then x[i] else u[i - 2]*(u[i] - u[i - 1])
E = (sum(i in N) u[i]) + (sum(i in N) sin(i + 1)*v[i])
minimize E
)",
         {.recompute = true}, 1e-12, {1});
}

// Inner sums over a dim, outer ones over positions without a name, scaled: no product of matrices.
TEST(Equations, ScaledSumsInsideRangesWithoutNames) {
  const std::string start = "dim T = 5\nparam a init 1, x[T] init 1\n";
  for (const char* of :
       {"sum(p in 0..2) sum(q in T) q/10*p*x[q]", "sum(p in 1..3) sum(q in T) (p + q)/10*x[q]*a",
        "max(p in 0..2) (sum(q in T) (q + 1)/10*p*a*x[q])"})
    agrees(start + "E = " + of + " + a\nminimize E\n", {}, 1e-12, {1});
}

TEST(Equations, HiddenLayer) {
  agrees(hidden_layer(), {}, 1e-13, {1, 7, 32, 1000});
  agrees(hidden_layer(), {.f32 = true}, 1e-5, {1, 7, 32, 1000});
}

TEST(Equations, ProductsOfMatrices) {
  agrees(classifier, {}, 1e-12, {1, 7, 33});
  agrees(classifier, {.f32 = true}, 1e-4, {1, 7, 33});
  agrees(classifier, {.products = false}, 1e-12, {7});
}

TEST(Equations, CurveThroughPoints) {
  agrees("input x\ntarget y\nparam theta init 0\nE = (theta*x^2 - y)^2\nminimize E\n", {}, 1e-13,
         {1, 3, 100});
}

TEST(Equations, Embedding) {
  agrees(R"(
dim V = 20, D = 6, T = 4
input token[T] in V
param emb[V, D] init normal(0, 1)
param w[D] init normal(0, 1)
s[d] = sum(t) emb[token[t], d]
E = (sum(d) s[d]*w[d])^2
minimize E
)",
         {}, 1e-12, {1, 7, 33});
}

TEST(Equations, StridedConvolution) {
  agrees(R"(
dim N = 17, K = 4
input x[N]
param w[K] init normal(0, 1)
y[i] = sum(k) x[2*i + k]*w[k]
z = max(y, 0)
E = sum(i) z[i]^2
minimize E
)",
         {}, 1e-12, {1, 7, 33});
}

TEST(Equations, SoftmaxByHand) {
  agrees(R"(
dim D = 12, K = 5
input x[D]
target label in K
param w[D, K] init normal(0, 1)
z = x @ w
p = softmax(z)
E = -log(p[label])
minimize E
)",
         {}, 1e-12, {1, 7, 33});
}

TEST(Equations, PrefixSums) {
  agrees(R"(
dim N = 19
input x[N]
param s[N] init normal(0, 1)
c[i in N] = sum(j in 0..i) x[j]*s[j]
E = max(i) c[i] + mean(i, j if i < j) c[i]*s[j]
minimize E
)",
         {}, 1e-12, {1, 5});
}

// A name that data could carry out of range is used on one side only: no other element of it is looked at.
TEST(Equations, NamesBehindGuardsAreNotChecked) {
  agrees(R"(
dim N = 6
const at[N] in N = [5, 0, 1, 2, 3, 4]
input x[N]
param w[N] init normal(0, 1)
before[i in N] in N = at[i] - 1 + 0*i
u[i] = x[before[i]]
y[i] = if at[i] >= 1 then u[i]*w[i] else w[i]^2
E = sum(i) y[i]
minimize E
)",
         {}, 1e-12, {1, 5});
}

// Examples take as many steps as they need, and iterates inside the steps likewise; what lies behind the last
// step of the one before is still in memory.
TEST(Equations, IteratesThatEndEarlier) {
  const char* text = R"(
dim A = 2
input s
param x0[A] init normal(0, 1)
param v0[A] init normal(0, 1)
fall(w) = x[0]^2
  where (x, v) = iterate x = 2 + x0/4 to x + 0.1*v, v = v0/4 to v - 0.1*w until x[1] <= 1.5 at most 100
r = iterate w = 1.5 + s to w + 0.02*fall(w) until w >= 2.2 + s^2 at most 100
E = r + sum(a) v0[a]^2
minimize E
)";
  agrees(text, {}, 1e-11, {1, 7});
  agrees(text, {.recompute = true}, 1e-11, {1, 7});
}

// The condition of a sum goes with it into the loop that adds, and with its gradient to where that lands.
TEST(Equations, SumsThatSelect) {
  agrees(R"(
dim N = 9, V = 4
const at[N] in V = [0, 2, 1, 3, 2, 2, 0, 1, 3]
input x[N]
param u[N] init normal(0, 1)
param w[V] init normal(0, 1)
s = sum(i if u[i] > 0) u[i]^2
t = sum(i if x[i] > 0) w[at[i]]^2
E = s*t
minimize E
)",
         {}, 1e-12, {1, 5});
}

std::string matrices(int n) {
  return "dim N = " + std::to_string(n) + R"(, M = 2
param A[N, N] init 0
param B[N, M] init 0
param S[M, N, N] init 0
input x[N]
shifted[i, j] = A[i, j]/8 + (if i == j then 1 else 0)
P[i, j] = sum(k) shifted[i, k]*shifted[j, k] + (if i == j then 1/2 else 0)
L = cholesky(P)
each[m] = det(S[m] + 2*P)
own = solve(P + outer(x, x), x)
E = 1/N^2*sum(i, j) L[i, j]^2 + sum(i, m) solve(shifted, B)[i, m]^2 + sum(i) solve_lower(L, x)[i]*x[i]
    + sum(i) solve_upper(L', x)[i]^2 + logdet(P) + trace(inv(P)) + det(shifted) + 2^-N*sum(m) each[m] + dot(own, x)
minimize E
)";
}

TEST(Equations, Matrices) {
  for (const int n : {1, 2, 3, 8, 17}) {
    agrees(matrices(n), {}, 1e-11, {1, 3});
    agrees(matrices(n), {.fma = false}, 1e-11, {2});
  }
  agrees(matrices(8), {.f32 = true}, 1e-3, {1, 3});
}

// Factorisations and triangular solves by blocks of 64 rows, the last of them shorter or not.
TEST(Equations, MatricesOfSeveralBlocks) {
  const auto text = [](int n) {
    return "dim N = " + std::to_string(n) + R"(, M = 3
param A[N, N] init 0
param B[N, M] init 0
shifted[i, j] = A[i, j]/N + (if i + j + 1 == N then 1 else 0)
P[i, j] = 1/N*sum(k) A[i, k]*A[j, k] + (if i == j then 1/2 else 0)
L = cholesky(P)
E = 1/N*sum(i, j) L[i, j]^2 + 1/N*sum(i, m) solve(shifted, B)[i, m]^2 + 1/N*logdet(P)
    + 1/N*sum(i, m) solve(shifted', B)[i, m]^3 + 1/N*sum(i, m) solve_lower(L, B)[i, m]^2 + 1/N*sum(i, m) solve_upper(L', B)[i, m]^2
minimize E
)";
  };
  agrees(text(64), {}, 1e-11, {1});
  agrees(text(70), {}, 1e-11, {1});
  agrees(text(70), {.fma = false}, 1e-11, {1});
  agrees(text(130), {}, 1e-11, {1});
}

// Every pivot is 0 where it stands.
TEST(Equations, MatricesWhoseRowsAreExchanged) {
  for (const char* n : {"2", "3", "4", "9"})
    agrees(std::string("dim N = ") + n + R"(, M = 2
param A[N, N] init 0
param B[N, M] init 0
turned[i, j] = if i + j + 1 < N then 0 else if i + j + 1 == N then 1 + A[i, j]/8 else A[i, j]/8
E = sum(i, m) solve(turned, B)[i, m]^2 + sum(i, m) solve(turned', B)[i, m]^3 + det(turned) + trace(inv(turned))
minimize E
)",
           {}, 1e-11, {1});
}

// The gradient of det is the matrix of cofactors; its derivatives are forms in more matrices.
TEST(Equations, DeterminantsDerivedAgain) {
  for (const char* n : {"1", "2", "3", "5"}) {
    const std::string start = std::string("dim N = ") + n + R"(
param A[N, N] init 0
input x[N]
B[i, j] = A[i, j] + x[i]*x[j]
d = det(B)
G[i, j] = diff(d, B[i, j])
)";
    agrees(start + "E = sum(i, j) G[i, j]^2\nminimize E\n", {}, 1e-10, {1, 3});
    agrees(start + "F = sum(i, j) G[i, j]^2\nE = sum(i, j) diff(F, B[i, j])^2\nminimize E\n", {}, 1e-9, {2});
  }
}

// No answer is nan, in all elements, and no failure.
TEST(Equations, MatricesWithoutAnswer) {
  const auto results = [](const std::string& of, const std::vector<double>& a) {
    const Compiled m("dim N = 2\nparam A[N, N] init 0\nE = " + of + "\nminimize E\n");
    const kernel::Program program = kernel::lower(m.spec, {});
    const codegen::JitModel model({"test", GRADC_F64, std::span(&program, 1)});
    Point<double> point = random_point(*m.file.context, m.spec, 1);
    point.tensors.at(m.spec.arguments[0].tensor).reals = a;
    Call interpreted(program, m.spec, point, {}), compiled(program, m.spec, point, {});
    EXPECT_EQ(interpreted.interpret(), GRADC_OK);
    EXPECT_EQ(compiled.run(model.info().functions[0]), GRADC_OK);
    EXPECT_EQ(different_bits(interpreted.results(), compiled.results()), "");
    return compiled.results();
  };
  const std::vector<double> singular{1, 2, 2, 4}, indefinite{1, 2, 2, 1};
  for (const char* of :
       {"sum(i) solve(A, [1, 2])[i]", "trace(inv(A))", "logdet(A)", "trace(cholesky(A - A))"})
    EXPECT_TRUE(std::isnan(results(of, singular)[0][0])) << of;
  for (const char* of : {"trace(cholesky(A))", "cholesky(A)[0, 0]", "cholesky(A)[1, 0]"})
    EXPECT_TRUE(std::isnan(results(of, indefinite)[0][0])) << of;
  EXPECT_TRUE(std::isnan(results("logdet(A)", indefinite)[0][0]));
  EXPECT_TRUE(std::isnan(results("sum(i) solve_lower(A - A, [1, 2])[i]", singular)[0][0]));
  EXPECT_EQ(results("det(A)", singular)[1], (std::vector<double>{4, -2, -2, 1}));
  EXPECT_EQ(results("norm(A - A)", singular)[1], (std::vector<double>{0, 0, 0, 0}));
}

}  // namespace
}  // namespace gradc::test
