// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/gradbench/reference/ode.h"

namespace gradc::reference {
namespace {

using Vector = std::vector<double>;

// k = g(y + step before)
void slope(const Vector& x, const Vector& y, double step, const Vector& before, Vector& k) {
  k[0] = x[0];
  for (std::size_t i = 1; i < x.size(); ++i) k[i] = x[i] * (y[i - 1] + step * before[i - 1]);
}

struct Slopes {
  explicit Slopes(std::size_t n) : none(n), k1(n), k2(n), k3(n), k4(n) {}
  void of(const Vector& x, const Vector& y, double h) {
    slope(x, y, 0, none, k1);
    slope(x, y, h / 2, k1, k2);
    slope(x, y, h / 2, k2, k3);
    slope(x, y, h, k3, k4);
  }
  Vector none, k1, k2, k3, k4;
};

// With k̄ given for k = g(y + step before): x̄ and ȳ grow by their shares, and before's adjoint by step of it.
void pull_back(const Vector& x, const Vector& y, double step, const Vector& before, const Vector& by_k,
               Vector& by_x, Vector& by_y, Vector* by_before) {
  by_x[0] += by_k[0];
  for (std::size_t i = 1; i < x.size(); ++i) {
    by_x[i] += by_k[i] * (y[i - 1] + step * before[i - 1]);
    by_y[i - 1] += by_k[i] * x[i];
    if (by_before) (*by_before)[i - 1] += step * by_k[i] * x[i];
  }
}

}  // namespace

Vector ode_value(const Vector& x, std::size_t steps) {
  const double h = 2 / static_cast<double>(steps);
  Vector y(x.size());
  Slopes k(x.size());
  for (std::size_t s = 0; s < steps; ++s) {
    k.of(x, y, h);
    for (std::size_t i = 0; i < y.size(); ++i)
      y[i] += h * (k.k1[i] + 2 * k.k2[i] + 2 * k.k3[i] + k.k4[i]) / 6;
  }
  return y;
}

Vector ode_gradient(const Vector& x, std::size_t steps) {
  const std::size_t n = x.size();
  const double h = 2 / static_cast<double>(steps);
  std::vector<Vector> states{Vector(n)};
  Slopes k(n);
  for (std::size_t s = 0; s < steps; ++s) {
    states.push_back(states.back());
    Vector& y = states.back();
    k.of(x, states[s], h);
    for (std::size_t i = 0; i < n; ++i) y[i] += h * (k.k1[i] + 2 * k.k2[i] + 2 * k.k3[i] + k.k4[i]) / 6;
  }
  Vector by_x(n), by_y(n);
  by_y[n - 1] = 1;
  for (std::size_t s = steps; s-- > 0;) {
    k.of(x, states[s], h);
    Vector by_k1(n), by_k2(n), by_k3(n), by_k4(n), next = by_y;
    for (std::size_t i = 0; i < n; ++i) {
      by_k1[i] = by_k4[i] = h / 6 * by_y[i];
      by_k2[i] = by_k3[i] = h / 3 * by_y[i];
    }
    pull_back(x, states[s], h, k.k3, by_k4, by_x, next, &by_k3);
    pull_back(x, states[s], h / 2, k.k2, by_k3, by_x, next, &by_k2);
    pull_back(x, states[s], h / 2, k.k1, by_k2, by_x, next, &by_k1);
    pull_back(x, states[s], 0, k.none, by_k1, by_x, next, nullptr);
    by_y = next;
  }
  return by_x;
}

}  // namespace gradc::reference
