// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/gradbench/reference/kmeans.h"

#include <limits>

namespace gradc::reference {
namespace {

struct Nearest {
  std::size_t centroid;
  double distance;
};

Nearest nearest(const Kmeans& in, std::size_t i) {
  Nearest best{0, std::numeric_limits<double>::infinity()};
  for (std::size_t k = 0; k < in.kinds; ++k) {
    double distance = 0;
    for (std::size_t d = 0; d < in.dims; ++d) {
      const double apart = in.centroid[k * in.dims + d] - in.point[i * in.dims + d];
      distance += apart * apart;
    }
    if (distance < best.distance) best = {k, distance};
  }
  return best;
}

}  // namespace

double kmeans_cost(const Kmeans& in) {
  double cost = 0;
  for (std::size_t i = 0; i < in.points; ++i) cost += nearest(in, i).distance;
  return cost;
}

std::vector<double> kmeans_direction(const Kmeans& in) {
  std::vector<double> gradient(in.kinds * in.dims), hessian(in.kinds * in.dims);
  for (std::size_t i = 0; i < in.points; ++i) {
    const std::size_t k = nearest(in, i).centroid;
    for (std::size_t d = 0; d < in.dims; ++d) {
      gradient[k * in.dims + d] += 2 * (in.centroid[k * in.dims + d] - in.point[i * in.dims + d]);
      hessian[k * in.dims + d] += 2;
    }
  }
  for (std::size_t j = 0; j < gradient.size(); ++j) gradient[j] /= hessian[j];
  return gradient;
}

}  // namespace gradc::reference
