// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/gradbench/reference/inputs.h"

#include "tests/gradbench/reference/random.h"

namespace gradc::reference {

Ba make_ba(std::size_t cameras, std::size_t points, std::size_t observations) {
  Random random(1);
  std::vector<double> camera;
  for (int k = 0; k < 3; ++k) camera.push_back(random.uniform(-0.5, 0.5));
  for (int k = 0; k < 3; ++k) camera.push_back(random.uniform(-1, 1));
  camera.push_back(random.uniform(0.5, 2));
  for (int k = 0; k < 2; ++k) camera.push_back(random.uniform(-1, 1));
  for (int k = 0; k < 2; ++k) camera.push_back(random.uniform(-0.1, 0.1));
  const double point[3] = {random.uniform(-1, 1), random.uniform(-1, 1), random.uniform(4, 6)};
  const double feature[2] = {random.uniform(-1, 1), random.uniform(-1, 1)};
  return ba_repeated(cameras, points, observations, camera.data(), point, random.uniform(0.2, 0.9), feature);
}

Gmm make_gmm(std::size_t dims, std::size_t kinds, std::size_t points) {
  Random random(2);
  Gmm in{dims, kinds, points, {}, {}, {}, {}, {}};
  in.x = random.normals(points * dims);
  in.alpha = random.normals(kinds);
  in.mu = random.uniforms(kinds * dims);
  in.q = random.normals(kinds * dims);
  in.l = random.normals(kinds * (dims * (dims - 1) / 2));
  return in;
}

// A palm of two bones with five fingers of four; weights of a vertex sum to 1.
Ht make_ht(std::size_t vertices, std::size_t points, bool complicated) {
  Random random(3);
  Ht in{22, vertices, vertices / 2, points, complicated, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}};
  in.theta = random.uniforms(26, -0.7, 0.7);
  if (complicated) in.us = random.uniforms(2 * points, 0.1, 0.5);
  for (int b = 0; b < 22; ++b) in.parent.push_back(b < 2 ? b - 1 : (b - 2) % 4 == 0 ? 1 : b - 1);
  for (std::vector<double>* of : {&in.relative, &in.inverse})
    for (int k = 0; k < 22 * 16; ++k) {
      const int row = k % 16 / 4, column = k % 4;
      of->push_back(row == 3 ? (column == 3 ? 1 : 0) : (row == column ? 1 : 0) + random.uniform(-0.2, 0.2));
    }
  for (std::size_t v = 0; v < vertices; ++v) {
    for (int k = 0; k < 3; ++k) in.base.push_back(random.uniform(-1, 1));
    in.base.push_back(1);
    std::vector<double> weight = random.uniforms(22);
    double sum = 0;
    for (double w : weight) sum += w;
    for (double w : weight) in.weight.push_back(w / sum);
  }
  for (std::size_t k = 0; k < 3 * in.triangles; ++k)
    in.triangle.push_back(static_cast<int>(random.below(vertices)));
  for (std::size_t c = 0; c < points; ++c)
    in.correspondence.push_back(static_cast<int>(random.below(complicated ? in.triangles : vertices)));
  in.point = random.uniforms(3 * points, -1, 1);
  return in;
}

// The centroids are the last points, so that none is without one.
Kmeans make_kmeans(std::size_t kinds, std::size_t points, std::size_t dims) {
  Random random(4);
  Kmeans in{points, kinds, dims, random.uniforms(points * dims), {}};
  in.centroid.assign(in.point.end() - static_cast<std::ptrdiff_t>(kinds * dims), in.point.end());
  return in;
}

Lstm make_lstm(std::size_t layers, std::size_t characters, std::size_t bits) {
  Random random(5);
  Lstm in{layers, characters, bits, {}, {}, {}, {}};
  in.main = random.uniforms(layers * 8 * bits);
  in.extra = random.uniforms(3 * bits);
  in.state = random.uniforms(layers * 2 * bits);
  for (std::size_t k = 0; k < characters * bits; ++k) in.sequence.push_back(random.below(2) == 0 ? 0 : 1);
  return in;
}

std::vector<double> make_uniform(std::size_t n) { return Random(6).uniforms(n); }

}  // namespace gradc::reference
