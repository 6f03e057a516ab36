// Gradient descent with a step that doubles after ten successes and halves after a failure.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cmath>
#include <vector>

namespace gradc::reference {

inline double length(const std::vector<double>& v) {
  double sum = 0;
  for (double e : v) sum += e * e;
  return std::sqrt(sum);
}

template <class F, class Gradient>
std::vector<double> descend(const F& f, const Gradient& gradient, std::vector<double> x) {
  double rate = 1e-5, value = f(x);
  int successes = 0;
  std::vector<double> g = gradient(x);
  while (length(g) > 1e-5) {
    if (successes == 10) {
      rate *= 2;
      successes = 0;
      continue;
    }
    std::vector<double> next = x, moved = x;
    for (std::size_t i = 0; i < x.size(); ++i) {
      next[i] = x[i] - rate * g[i];
      moved[i] = x[i] - next[i];
    }
    if (length(moved) <= 1e-5) return x;
    if (const double there = f(next); there < value) {
      x = next;
      value = there;
      g = gradient(x);
      ++successes;
    } else {
      rate /= 2;
      successes = 0;
    }
  }
  return x;
}

}  // namespace gradc::reference
