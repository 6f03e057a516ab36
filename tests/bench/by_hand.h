/* The peers of the benchmarks: value and gradient of two networks as a careful C programmer writes them for
 * just these networks: sizes are constants but for the batch, loops stand in the order that streams through
 * memory and lets the compiler vectorise (gcc -O3 -march=native), exp is the C library's, and no BLAS is
 * called. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#ifndef GRADC_TESTS_BENCH_BY_HAND_H
#define GRADC_TESTS_BENCH_BY_HAND_H

#ifdef __cplusplus
extern "C" {
#endif

enum { hidden_inputs = 3, hidden_units = 8, mlp_pixels = 784, mlp_units = 128, mlp_classes = 10 };

/* E = sum over n of 1/2 (w1 . sigmoid(x[n] w0 + b0) + b1 - y[n])^2;  x [n][inputs], w0 [inputs][units]. */
double hidden_value(int n, const double* x, const double* y, const double* w0, const double* b0,
                    const double* w1, double b1);
/* The same, and the four gradients (overwritten). */
double hidden_gradient(int n, const double* x, const double* y, const double* w0, const double* b0,
                       const double* w1, double b1, double* dw0, double* db0, double* dw1, double* db1);

/* 784-128-10 with relu and cross-entropy on logits; pixels are divided by 255. x [n][pixels], w0
 * [pixels][units], w1 [units][classes]. work: n*(pixels + 2*units + classes) floats. */
double mlp_value(int n, const float* x, const int* label, const float* w0, const float* b0, const float* w1,
                 const float* b1, float* work);
double mlp_gradient(int n, const float* x, const int* label, const float* w0, const float* b0,
                    const float* w1, const float* b1, float* dw0, float* db0, float* dw1, float* db1,
                    float* work);

#ifdef __cplusplus
}
#endif
#endif
