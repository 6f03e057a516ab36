// Squared distances to the nearest centroids, and Newton's direction, by hand.
// Bottou, Bengio, Convergence properties of the k-means algorithms, 1995, §2.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <vector>

namespace gradc::reference {

struct Kmeans {
  std::size_t points, kinds, dims;
  std::vector<double> point, centroid;  // [points][dims], [kinds][dims]
};

double kmeans_cost(const Kmeans& in);
std::vector<double> kmeans_direction(const Kmeans& in);  // gradient over the Hessian's diagonal

}  // namespace gradc::reference
