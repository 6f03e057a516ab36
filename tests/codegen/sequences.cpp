// Examples of different lengths in one batch: the sum of what each gives alone, whatever lies behind their
// ends. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <gtest/gtest.h>

#include "tests/support/sequences.h"

namespace gradc::test {
namespace {

constexpr const char* gru = R"(
dim D = 3, H = 4, K = 5
seq T
input x[T, D]
target label in K
param wz[D, H] init normal(0, 1), uz[H, H] init normal(0, 1), bz[H] init 0
param wr[D, H] init normal(0, 1), ur[H, H] init normal(0, 1), br[H] init 0
param wn[D, H] init normal(0, 1), un[H, H] init normal(0, 1), bn[H] init 0
param v[H, K] init normal(0, 1), c[K] init 0
z[t] = sigmoid(x[t] @ wz + h[t] @ uz + bz)
r[t] = sigmoid(x[t] @ wr + h[t] @ ur + br)
n[t] = tanh(x[t] @ wn + (r[t]*h[t]) @ un + bn)
h[0] = 0
h[t + 1] = (1 - z[t])*n[t] + z[t]*h[t]
logit = h[T] @ v + c
minimize loss = logsumexp(logit) - logit[label]
)";

TEST(Sequences, TheLastStateIsTheExamplesOwn) { batch_is_its_examples(gru, {6, 1, 4, 3, 6, 0}); }

TEST(Sequences, AttentionLooksAtTheExampleAlone) {
  batch_is_its_examples(R"(
dim D = 4, K = 3, V = 5
seq T
input token[T] in V
target following[T] in V
param emb[V, D] init normal(0, 1), wq[D, K] init normal(0, 1), wk[D, K] init normal(0, 1), wv[D, D] init normal(0, 1)
x[t] = emb[token[t]]
q[t, k] = sum(d) x[t, d]*wq[d, k]
key[t, k] = sum(d) x[t, d]*wk[d, k]
score[t, s] = sum(k) q[t, k]*key[s, k] / sqrt(K)
att[t] = softmax(score[t])
y[t, d] = x[t, d] + sum(s, j) att[t, s]*x[s, j]*wv[j, d]
z[t, c] = sum(d) y[t, d]*emb[c, d]
minimize loss = mean(t) ((logsumexp(c) z[t, c]) - z[t, following[t]])
)",
                        {5, 2, 1, 3});
}

// Read from the end, with windows that fit, and the length as a number.
TEST(Sequences, SizesAndRangesAreTheExamplesOwn) {
  batch_is_its_examples(R"(
dim W = 3
seq T
input x[T]
param w[W] init normal(0, 1), a init normal(0, 1)
back[t] = a*x[T - 1 - t] + t
y[i] = sum(k) x[i + k]*w[k]
best = max(t) back[t]
minimize E = (sum(i) y[i]^2) + best*T + (sum(t) log(back[t]^2 + 1)) / T
)",
                        {3, 7, 4, 5});
}

// Behind an example's end nothing is computed that could go wrong.
TEST(Sequences, StepsBehindTheEndAreNotTaken) {
  batch_is_its_examples(R"(
seq T
input x[T]
param a init 0.5
s[0] = 1
s[t + 1] = s[t]*(1.5 + a*x[t]) + sqrt(s[t])/s[t]
minimize E = log(s[T])
)",
                        {4, 1, 6, 2});
}

}  // namespace
}  // namespace gradc::test
