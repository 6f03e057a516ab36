// Log posterior of a Gaussian mixture with a Wishart prior, and its gradient, by hand.
// Srajer, Kukelova, Fitzgibbon, A benchmark of selected algorithmic differentiation tools, 2018, §4.1.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <vector>

namespace gradc::reference {

struct Gmm {
  std::size_t dims, kinds, points;
  std::vector<double> x;                // [points][dims]
  std::vector<double> alpha, mu, q, l;  // [K], [K][D], [K][D], [K][D(D - 1)/2]
  double gamma = 1;
  int m = 0;
};
struct GmmGradient {
  std::vector<double> alpha, mu, q, l;
};

double gmm_value(const Gmm& in);
GmmGradient gmm_gradient(const Gmm& in);

}  // namespace gradc::reference
