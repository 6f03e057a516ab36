// Bundle adjustment: residuals of observed points, and their Jacobian, by hand.
// Triggs, McLauchlan, Hartley, Fitzgibbon, Bundle adjustment: a modern synthesis, 2000.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace gradc::reference {

struct Ba {
  std::size_t cameras, points, observations;
  std::vector<double> camera;  // [cameras][11]: axis-angle, centre, focal length, principal point, distortion
  std::vector<double> point;   // [points][3]
  std::vector<double> weight;  // [observations]
  std::vector<double> feature;              // [observations][2]
  std::vector<std::int32_t> seen_by, seen;  // of each observation: its camera, its point
};

// One camera, point, weight and feature, repeated: observation i is of point i mod points by camera i mod
// cameras.
Ba ba_repeated(std::size_t cameras, std::size_t points, std::size_t observations, const double* camera,
               const double* point, double weight, const double* feature);

// [observations][2] reprojection errors, [observations] weight terms.
void ba_value(const Ba& in, double* errors, double* weights);

// The entries of the Jacobian that can differ from 0, [observations][2][15] then [observations]: of an error
// by its camera (11), its point (3) and its weight; of a weight term by its weight.
constexpr std::size_t ba_entries = 15;
void ba_jacobian(const Ba& in, double* errors, double* weights);

// The same as compressed sparse rows, which the columns of cameras, points and weights make up.
struct Csr {
  std::vector<std::int64_t> rows, cols;
  std::vector<double> vals;
};
Csr ba_csr(const Ba& in);

}  // namespace gradc::reference
