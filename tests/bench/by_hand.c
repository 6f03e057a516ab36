/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include "tests/bench/by_hand.h"

#include <math.h>
#include <string.h>

enum { D = hidden_inputs, H = hidden_units };

static double sigmoid(double x) { return 1.0 / (1.0 + exp(-x)); }

/* The prediction for one example; a: the hidden units' values. */
static double hidden_forward(const double* restrict x, const double* restrict w0, const double* restrict b0,
                             const double* restrict w1, double b1, double* restrict a) {
  double z1 = b1;
  for (int j = 0; j < H; ++j) a[j] = b0[j];
  for (int k = 0; k < D; ++k)
    for (int j = 0; j < H; ++j) a[j] += x[k] * w0[k * H + j];
  for (int j = 0; j < H; ++j) {
    a[j] = sigmoid(a[j]);
    z1 += a[j] * w1[j];
  }
  return z1;
}

double hidden_value(int n, const double* restrict x, const double* restrict y, const double* restrict w0,
                    const double* restrict b0, const double* restrict w1, double b1) {
  double total = 0, a[H];
  for (int i = 0; i < n; ++i) {
    const double error = hidden_forward(x + i * D, w0, b0, w1, b1, a) - y[i];
    total += 0.5 * error * error;
  }
  return total;
}

double hidden_gradient(int n, const double* restrict x, const double* restrict y, const double* restrict w0,
                       const double* restrict b0, const double* restrict w1, double b1, double* restrict dw0,
                       double* restrict db0, double* restrict dw1, double* restrict db1) {
  double total = 0, sum1 = 0, a[H], delta[H];
  memset(dw0, 0, sizeof(double) * D * H);
  memset(db0, 0, sizeof(double) * H);
  memset(dw1, 0, sizeof(double) * H);
  for (int i = 0; i < n; ++i) {
    const double error = hidden_forward(x + i * D, w0, b0, w1, b1, a) - y[i];
    total += 0.5 * error * error;
    sum1 += error;
    for (int j = 0; j < H; ++j) {
      dw1[j] += error * a[j];
      delta[j] = error * w1[j] * a[j] * (1 - a[j]);
      db0[j] += delta[j];
    }
    for (int k = 0; k < D; ++k)
      for (int j = 0; j < H; ++j) dw0[k * H + j] += x[i * D + k] * delta[j];
  }
  *db1 = sum1;
  return total;
}

enum { P = mlp_pixels, U = mlp_units, K = mlp_classes };

/* a0 [n][U]: the hidden units' values; z1 [n][K]: the probabilities. */
static double mlp_forward(int n, const float* restrict x, const int* restrict label, const float* restrict w0,
                          const float* restrict b0, const float* restrict w1, const float* restrict b1,
                          float* restrict scaled, float* restrict a0, float* restrict z1) {
  double total = 0;
  for (int i = 0; i < n * P; ++i) scaled[i] = x[i] / 255;
  for (int i = 0; i < n; ++i) {
    float* restrict a = a0 + i * U;
    float* restrict z = z1 + i * K;
    memcpy(a, b0, sizeof(float) * U);
    for (int p = 0; p < P; ++p) {
      const float s = scaled[i * P + p];
      for (int j = 0; j < U; ++j) a[j] += s * w0[p * U + j];
    }
    memcpy(z, b1, sizeof(float) * K);
    for (int j = 0; j < U; ++j) {
      a[j] = a[j] > 0 ? a[j] : 0;
      for (int k = 0; k < K; ++k) z[k] += a[j] * w1[j * K + k];
    }
    float most = z[0], sum = 0;
    for (int k = 1; k < K; ++k) most = z[k] > most ? z[k] : most;
    for (int k = 0; k < K; ++k) sum += expf(z[k] - most);
    const float lse = most + logf(sum);
    total += lse - z[label[i]];
    for (int k = 0; k < K; ++k) z[k] = expf(z[k] - lse);
  }
  return total;
}

double mlp_value(int n, const float* x, const int* label, const float* w0, const float* b0, const float* w1,
                 const float* b1, float* work) {
  return mlp_forward(n, x, label, w0, b0, w1, b1, work, work + n * P, work + n * (P + U));
}

double mlp_gradient(int n, const float* restrict x, const int* restrict label, const float* restrict w0,
                    const float* restrict b0, const float* restrict w1, const float* restrict b1,
                    float* restrict dw0, float* restrict db0, float* restrict dw1, float* restrict db1,
                    float* restrict work) {
  float* restrict scaled = work;
  float* restrict a0 = scaled + n * P;
  float* restrict z1 = a0 + n * U;
  float* restrict delta = z1 + n * K;
  const double total = mlp_forward(n, x, label, w0, b0, w1, b1, scaled, a0, z1);
  memset(dw0, 0, sizeof(float) * P * U);
  memset(db0, 0, sizeof(float) * U);
  memset(dw1, 0, sizeof(float) * U * K);
  memset(db1, 0, sizeof(float) * K);
  for (int i = 0; i < n; ++i) {
    float* restrict d1 = z1 + i * K;
    d1[label[i]] -= 1;
    for (int k = 0; k < K; ++k) db1[k] += d1[k];
    for (int j = 0; j < U; ++j) {
      const float a = a0[i * U + j];
      float s = 0;
      for (int k = 0; k < K; ++k) {
        dw1[j * K + k] += a * d1[k];
        s += w1[j * K + k] * d1[k];
      }
      delta[i * U + j] = a > 0 ? s : 0;
    }
    for (int j = 0; j < U; ++j) db0[j] += delta[i * U + j];
  }
  for (int i = 0; i < n; ++i)
    for (int p = 0; p < P; ++p) {
      const float s = scaled[i * P + p];
      for (int j = 0; j < U; ++j) dw0[p * U + j] += s * delta[i * U + j];
    }
  return total;
}
