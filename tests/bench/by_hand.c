/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
#include "tests/bench/by_hand.h"

#include <math.h>
#include <string.h>

static double sigmoid(double x) { return 1.0 / (1.0 + exp(-x)); }

double hidden_value(int n, int d, int h, const double* restrict x, const double* restrict y,
                    const double* restrict w0, const double* restrict b0, const double* restrict w1, double b1) {
  double total = 0;
  for (int i = 0; i < n; ++i) {
    double z1 = b1;
    for (int j = 0; j < h; ++j) {
      double z = b0[j];
      for (int k = 0; k < d; ++k) z += x[i * d + k] * w0[k * h + j];
      z1 += sigmoid(z) * w1[j];
    }
    total += 0.5 * (z1 - y[i]) * (z1 - y[i]);
  }
  return total;
}

double hidden_gradient(int n, int d, int h, const double* restrict x, const double* restrict y,
                       const double* restrict w0, const double* restrict b0, const double* restrict w1, double b1,
                       double* restrict dw0, double* restrict db0, double* restrict dw1, double* restrict db1,
                       double* restrict work) {
  double* restrict a = work;
  double* restrict delta = work + h;
  double total = 0, sum1 = 0;
  memset(dw0, 0, sizeof(double) * (size_t)(d * h));
  memset(db0, 0, sizeof(double) * (size_t)h);
  memset(dw1, 0, sizeof(double) * (size_t)h);
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < h; ++j) a[j] = b0[j];
    for (int k = 0; k < d; ++k)
      for (int j = 0; j < h; ++j) a[j] += x[i * d + k] * w0[k * h + j];
    double z1 = b1;
    for (int j = 0; j < h; ++j) {
      a[j] = sigmoid(a[j]);
      z1 += a[j] * w1[j];
    }
    const double error = z1 - y[i];
    total += 0.5 * error * error;
    sum1 += error;
    for (int j = 0; j < h; ++j) {
      dw1[j] += error * a[j];
      delta[j] = error * w1[j] * a[j] * (1 - a[j]);
      db0[j] += delta[j];
    }
    for (int k = 0; k < d; ++k)
      for (int j = 0; j < h; ++j) dw0[k * h + j] += x[i * d + k] * delta[j];
  }
  *db1 = sum1;
  return total;
}

/* c[m][n] (+)= a[m][k] b[k][n]: the i-k-j order, whose innermost loop is a vector operation. */
static void product(int m, int n, int k, const float* restrict a, const float* restrict b, float* restrict c) {
  for (int i = 0; i < m; ++i)
    for (int l = 0; l < k; ++l) {
      const float s = a[i * k + l];
      for (int j = 0; j < n; ++j) c[i * n + j] += s * b[l * n + j];
    }
}

static double forward(int n, int p, int h, int k, const float* restrict x, const int* restrict label,
                      const float* restrict w0, const float* restrict b0, const float* restrict w1,
                      const float* restrict b1, float* restrict scaled, float* restrict a0, float* restrict z1) {
  double total = 0;
  for (int i = 0; i < n * p; ++i) scaled[i] = x[i] / 255;
  for (int i = 0; i < n; ++i) memcpy(a0 + i * h, b0, sizeof(float) * (size_t)h);
  product(n, h, p, scaled, w0, a0);
  for (int i = 0; i < n * h; ++i) a0[i] = a0[i] > 0 ? a0[i] : 0;
  for (int i = 0; i < n; ++i) memcpy(z1 + i * k, b1, sizeof(float) * (size_t)k);
  product(n, k, h, a0, w1, z1);
  for (int i = 0; i < n; ++i) {
    float* z = z1 + i * k;
    float most = z[0], sum = 0;
    for (int j = 1; j < k; ++j) most = z[j] > most ? z[j] : most;
    for (int j = 0; j < k; ++j) sum += expf(z[j] - most);
    const float lse = most + logf(sum);
    total += lse - z[label[i]];
    for (int j = 0; j < k; ++j) z[j] = expf(z[j] - lse); /* now the probabilities */
  }
  return total;
}

double mlp_value(int n, int p, int h, int k, const float* x, const int* label, const float* w0, const float* b0,
                 const float* w1, const float* b1, float* work) {
  return forward(n, p, h, k, x, label, w0, b0, w1, b1, work, work + n * p, work + n * (p + h));
}

double mlp_gradient(int n, int p, int h, int k, const float* restrict x, const int* restrict label,
                    const float* restrict w0, const float* restrict b0, const float* restrict w1,
                    const float* restrict b1, float* restrict dw0, float* restrict db0, float* restrict dw1,
                    float* restrict db1, float* restrict work) {
  float* restrict scaled = work;
  float* restrict a0 = work + n * p;
  float* restrict z1 = a0 + n * h;
  float* restrict delta = z1 + n * k;
  const double total = forward(n, p, h, k, x, label, w0, b0, w1, b1, scaled, a0, z1);
  memset(dw0, 0, sizeof(float) * (size_t)(p * h));
  memset(db0, 0, sizeof(float) * (size_t)h);
  memset(dw1, 0, sizeof(float) * (size_t)(h * k));
  memset(db1, 0, sizeof(float) * (size_t)k);
  for (int i = 0; i < n; ++i) {
    float* d1 = z1 + i * k;
    d1[label[i]] -= 1;
    for (int j = 0; j < k; ++j) db1[j] += d1[j];
    for (int l = 0; l < h; ++l) {
      const float a = a0[i * h + l];
      float s = 0;
      for (int j = 0; j < k; ++j) {
        dw1[l * k + j] += a * d1[j];
        s += w1[l * k + j] * d1[j];
      }
      delta[i * h + l] = a > 0 ? s : 0;
    }
    for (int l = 0; l < h; ++l) db0[l] += delta[i * h + l];
  }
  for (int i = 0; i < n; ++i)
    for (int q = 0; q < p; ++q) {
      const float s = scaled[i * p + q];
      for (int l = 0; l < h; ++l) dw0[q * h + l] += s * delta[i * h + l];
    }
  return total;
}
