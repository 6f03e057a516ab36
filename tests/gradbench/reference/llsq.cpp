// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/gradbench/reference/llsq.h"

namespace gradc::reference {
namespace {

double place(std::size_t i, std::size_t points) {
  return -1 + 2 * static_cast<double>(i) / static_cast<double>(points - 1);
}

double residual(const std::vector<double>& x, double t) {
  double sum = t > 0 ? 1 : t < 0 ? -1 : 0, power = 1;
  for (double c : x) {
    sum -= c * power;
    power *= t;
  }
  return sum;
}

}  // namespace

double llsq_value(const std::vector<double>& x, std::size_t points) {
  double sum = 0;
  for (std::size_t i = 0; i < points; ++i) {
    const double r = residual(x, place(i, points));
    sum += r * r;
  }
  return sum / 2;
}

std::vector<double> llsq_gradient(const std::vector<double>& x, std::size_t points) {
  std::vector<double> gradient(x.size());
  for (std::size_t i = 0; i < points; ++i) {
    const double t = place(i, points), r = residual(x, t);
    double power = 1;
    for (double& g : gradient) {
      g -= r * power;
      power *= t;
    }
  }
  return gradient;
}

}  // namespace gradc::reference
