/* The peers of the benchmarks: value and gradient of two networks as a careful C programmer writes them, loops in
 * the order that streams through memory and lets the compiler vectorise (g++ -O3 -march=native).
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef GRADC_TESTS_BENCH_BY_HAND_H
#define GRADC_TESTS_BENCH_BY_HAND_H

#ifdef __cplusplus
extern "C" {
#endif

/* E = sum over n of 1/2 (w1 . sigmoid(x[n] w0 + b0) + b1 - y[n])^2;  x [n][d], w0 [d][h]. */
double hidden_value(int n, int d, int h, const double* x, const double* y, const double* w0, const double* b0,
                    const double* w1, double b1);
/* The same, and the four gradients (overwritten). `work`: 2h doubles. */
double hidden_gradient(int n, int d, int h, const double* x, const double* y, const double* w0, const double* b0,
                       const double* w1, double b1, double* dw0, double* db0, double* dw1, double* db1, double* work);

/* 784-128-10 with relu and cross-entropy on logits; pixels are divided by 255. x [n][p], w0 [p][h], w1 [h][k].
 * work: n*(p + 2h + 2k) floats. */
double mlp_value(int n, int p, int h, int k, const float* x, const int* label, const float* w0, const float* b0,
                 const float* w1, const float* b1, float* work);
double mlp_gradient(int n, int p, int h, int k, const float* x, const int* label, const float* w0, const float* b0,
                    const float* w1, const float* b1, float* dw0, float* db0, float* dw1, float* db1, float* work);

#ifdef __cplusplus
}
#endif
#endif
