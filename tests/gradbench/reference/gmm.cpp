// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/gradbench/reference/gmm.h"

#include <algorithm>
#include <cmath>

namespace gradc::reference {
namespace {

constexpr double pi = 3.141592653589793;

double logsumexp(const double* v, std::size_t n) {
  const double top = *std::max_element(v, v + n);
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += std::exp(v[i] - top);
  return top + std::log(sum);
}

double log_gamma(double a, std::size_t dims) {
  const double d = static_cast<double>(dims);
  double sum = d * (d - 1) / 4 * std::log(pi);
  for (std::size_t j = 1; j <= dims; ++j) sum += std::lgamma(a + (1 - static_cast<double>(j)) / 2);
  return sum;
}

std::vector<double> exponentials(const std::vector<double>& v) {
  std::vector<double> made(v);
  for (double& e : made) e = std::exp(e);
  return made;
}

// Q d for component k: its diagonal is exp q, its strictly lower part l, column by column.
void times_q(const Gmm& in, const double* diagonal, const double* l, const double* d, double* product) {
  for (std::size_t r = 0; r < in.dims; ++r) product[r] = diagonal[r] * d[r];
  for (std::size_t c = 0; c < in.dims; ++c)
    for (std::size_t r = c + 1; r < in.dims; ++r) product[r] += *l++ * d[c];
}

// What does not depend on the points.
double prior(const Gmm& in, const std::vector<double>& diagonals) {
  const double d = static_cast<double>(in.dims), k = static_cast<double>(in.kinds), nu = d + in.m + 1;
  double squares = 0, sum = 0;
  for (double e : diagonals) squares += e * e;
  for (double e : in.l) squares += e * e;
  for (double e : in.q) sum += e;
  return k * (nu * d * (std::log(in.gamma) - std::log(2) / 2) - log_gamma(nu / 2, in.dims)) -
         (in.gamma * in.gamma / 2 * squares - in.m * sum);
}

}  // namespace

double gmm_value(const Gmm& in) {
  const std::size_t D = in.dims, K = in.kinds, L = D * (D - 1) / 2;
  const std::vector<double> diagonals = exponentials(in.q);
  std::vector<double> sums(K, 0), beta(K), d(D), product(D);
  for (std::size_t i = 0; i < K * D; ++i) sums[i / D] += in.q[i];
  double total = -static_cast<double>(in.points * D) / 2 * std::log(2 * pi);
  for (std::size_t i = 0; i < in.points; ++i) {
    for (std::size_t k = 0; k < K; ++k) {
      for (std::size_t j = 0; j < D; ++j) d[j] = in.x[i * D + j] - in.mu[k * D + j];
      times_q(in, &diagonals[k * D], in.l.data() + k * L, d.data(), product.data());
      double square = 0;
      for (std::size_t j = 0; j < D; ++j) square += product[j] * product[j];
      beta[k] = in.alpha[k] + sums[k] - square / 2;
    }
    total += logsumexp(beta.data(), K);
  }
  return total - static_cast<double>(in.points) * logsumexp(in.alpha.data(), K) + prior(in, diagonals);
}

GmmGradient gmm_gradient(const Gmm& in) {
  const std::size_t D = in.dims, K = in.kinds, L = D * (D - 1) / 2;
  const std::vector<double> diagonals = exponentials(in.q);
  GmmGradient g{std::vector<double>(K), std::vector<double>(K * D), std::vector<double>(K * D),
                std::vector<double>(K * L)};
  std::vector<double> sums(K, 0), beta(K), d(K * D), product(K * D);
  for (std::size_t i = 0; i < K * D; ++i) sums[i / D] += in.q[i];
  for (std::size_t i = 0; i < in.points; ++i) {
    for (std::size_t k = 0; k < K; ++k) {
      for (std::size_t j = 0; j < D; ++j) d[k * D + j] = in.x[i * D + j] - in.mu[k * D + j];
      times_q(in, &diagonals[k * D], in.l.data() + k * L, &d[k * D], &product[k * D]);
      double square = 0;
      for (std::size_t j = 0; j < D; ++j) square += product[k * D + j] * product[k * D + j];
      beta[k] = in.alpha[k] + sums[k] - square / 2;
    }
    const double log_total = logsumexp(beta.data(), K);
    for (std::size_t k = 0; k < K; ++k) {
      const double share = std::exp(beta[k] - log_total);
      const double *dk = &d[k * D], *pk = &product[k * D], *l = in.l.data() + k * L;
      double *by_mu = &g.mu[k * D], *by_q = &g.q[k * D], *by_l = g.l.data() + k * L;
      g.alpha[k] += share;
      for (std::size_t j = 0; j < D; ++j) {
        by_mu[j] += share * diagonals[k * D + j] * pk[j];
        by_q[j] += share * (1 - diagonals[k * D + j] * dk[j] * pk[j]);
      }
      for (std::size_t c = 0; c < D; ++c)
        for (std::size_t r = c + 1; r < D; ++r) {
          by_mu[c] += share * *l++ * pk[r];
          *by_l++ -= share * pk[r] * dk[c];
        }
    }
  }
  const double log_total = logsumexp(in.alpha.data(), K), square = in.gamma * in.gamma;
  for (std::size_t k = 0; k < K; ++k)
    g.alpha[k] -= static_cast<double>(in.points) * std::exp(in.alpha[k] - log_total);
  for (std::size_t i = 0; i < K * D; ++i) g.q[i] -= square * diagonals[i] * diagonals[i] - in.m;
  for (std::size_t i = 0; i < K * L; ++i) g.l[i] -= square * in.l[i];
  return g;
}

}  // namespace gradc::reference
