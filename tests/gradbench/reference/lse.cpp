// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/gradbench/reference/lse.h"

#include <algorithm>
#include <cmath>

namespace gradc::reference {

double lse_value(const std::vector<double>& x) {
  const double top = *std::max_element(x.begin(), x.end());
  double sum = 0;
  for (double e : x) sum += std::exp(e - top);
  return top + std::log(sum);
}

std::vector<double> lse_gradient(const std::vector<double>& x) {
  const double top = *std::max_element(x.begin(), x.end());
  std::vector<double> gradient(x.size());
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += gradient[i] = std::exp(x[i] - top);
  for (double& g : gradient) g /= sum;
  return gradient;
}

}  // namespace gradc::reference
