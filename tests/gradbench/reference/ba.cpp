// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/gradbench/reference/ba.h"

#include <cmath>

namespace gradc::reference {
namespace {

struct Vec {
  double x, y, z;
};
Vec operator+(Vec a, Vec b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
Vec operator*(double s, Vec a) { return {s * a.x, s * a.y, s * a.z}; }
double dot(Vec a, Vec b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
Vec cross(Vec a, Vec b) { return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x}; }
Vec unit(int axis) { return {axis == 0 ? 1.0 : 0.0, axis == 1 ? 1.0 : 0.0, axis == 2 ? 1.0 : 0.0}; }
double component(Vec a, int axis) { return axis == 0 ? a.x : axis == 1 ? a.y : a.z; }
Vec vec(const double* p) { return {p[0], p[1], p[2]}; }

// Rodrigues' rotation by an axis-angle vector, as a linear map of what is turned.
class Rotation {
 public:
  explicit Rotation(Vec r) : r_(r), angle_(std::sqrt(dot(r, r))) {
    if (angle_ == 0) return;
    axis_ = (1 / angle_) * r;
    sin_ = std::sin(angle_);
    cos_ = std::cos(angle_);
  }
  Vec operator()(Vec y) const {
    if (angle_ == 0) return y + cross(r_, y);
    return cos_ * y + sin_ * cross(axis_, y) + (dot(axis_, y) * (1 - cos_)) * axis_;
  }
  // By component k of the axis-angle vector: the angle changes by axis[k], the axis across itself.
  Vec derivative(Vec y, int k) const {
    if (angle_ == 0) return cross(unit(k), y);
    const double turn = component(axis_, k);
    const Vec tilt = (1 / angle_) * (unit(k) + -turn * axis_);
    const double along = dot(axis_, y);
    return turn * (-sin_ * y + cos_ * cross(axis_, y) + (along * sin_) * axis_) + sin_ * cross(tilt, y) +
           (1 - cos_) * (along * tilt + dot(tilt, y) * axis_);
  }

 private:
  Vec r_;
  double angle_;
  Vec axis_{};
  double sin_ = 0, cos_ = 1;
};

}  // namespace

Ba ba_repeated(std::size_t cameras, std::size_t points, std::size_t observations, const double* camera,
               const double* point, double weight, const double* feature) {
  Ba in{cameras, points, observations, {}, {}, {}, {}, {}, {}};
  for (std::size_t i = 0; i < cameras; ++i) in.camera.insert(in.camera.end(), camera, camera + 11);
  for (std::size_t i = 0; i < points; ++i) in.point.insert(in.point.end(), point, point + 3);
  for (std::size_t i = 0; i < observations; ++i) {
    in.weight.push_back(weight);
    in.feature.insert(in.feature.end(), feature, feature + 2);
    in.seen_by.push_back(static_cast<std::int32_t>(i % cameras));
    in.seen.push_back(static_cast<std::int32_t>(i % points));
  }
  return in;
}

void ba_value(const Ba& in, double* errors, double* weights) {
  for (std::size_t i = 0; i < in.observations; ++i) {
    const double* c = &in.camera[11 * static_cast<std::size_t>(in.seen_by[i])];
    const Vec y = vec(&in.point[3 * static_cast<std::size_t>(in.seen[i])]) + -1.0 * vec(c + 3);
    const Vec z = Rotation(vec(c))(y);
    const double px = z.x / z.z, py = z.y / z.z, rho = px * px + py * py;
    const double scale = c[6] * (1 + c[9] * rho + c[10] * rho * rho);
    errors[2 * i] = in.weight[i] * (scale * px + c[7] - in.feature[2 * i]);
    errors[2 * i + 1] = in.weight[i] * (scale * py + c[8] - in.feature[2 * i + 1]);
    weights[i] = 1 - in.weight[i] * in.weight[i];
  }
}

void ba_jacobian(const Ba& in, double* errors, double* weights) {
  for (std::size_t i = 0; i < in.observations; ++i) {
    const double* c = &in.camera[11 * static_cast<std::size_t>(in.seen_by[i])];
    const Vec y = vec(&in.point[3 * static_cast<std::size_t>(in.seen[i])]) + -1.0 * vec(c + 3);
    const Rotation rotation{vec(c)};
    const Vec z = rotation(y);
    const double f = c[6], w = in.weight[i], inverse = 1 / z.z;
    const double p[2] = {z.x * inverse, z.y * inverse};
    const double rho = p[0] * p[0] + p[1] * p[1], lens = 1 + c[9] * rho + c[10] * rho * rho;
    const double lens_by_rho = c[9] + 2 * c[10] * rho;
    for (int b = 0; b < 2; ++b) {
      double* row = errors + (2 * i + static_cast<std::size_t>(b)) * ba_entries;
      // e = w (f lens p_b + …): by p first, then by z.
      double by_p[2];
      for (int k = 0; k < 2; ++k) by_p[k] = w * f * (lens_by_rho * 2 * p[k] * p[b] + (k == b ? lens : 0));
      const Vec by_z{by_p[0] * inverse, by_p[1] * inverse, -(by_p[0] * p[0] + by_p[1] * p[1]) * inverse};
      for (int k = 0; k < 3; ++k) {
        row[k] = dot(by_z, rotation.derivative(y, k));
        row[11 + k] = dot(by_z, rotation(unit(k)));
        row[3 + k] = -row[11 + k];
      }
      row[6] = w * lens * p[b];
      row[7] = b == 0 ? w : 0;
      row[8] = b == 1 ? w : 0;
      row[9] = w * f * rho * p[b];
      row[10] = w * f * rho * rho * p[b];
      row[14] = f * lens * p[b] + c[7 + b] - in.feature[2 * i + static_cast<std::size_t>(b)];
    }
    weights[i] = -2 * w;
  }
}

Csr ba_csr(const Ba& in) {
  std::vector<double> errors(in.observations * 2 * ba_entries), weights(in.observations);
  ba_jacobian(in, errors.data(), weights.data());
  Csr made;
  made.rows.push_back(0);
  const auto n = static_cast<std::int64_t>(in.cameras), m = static_cast<std::int64_t>(in.points);
  for (std::size_t r = 0; r < 2 * in.observations; ++r) {
    const std::size_t i = r / 2;
    for (std::int64_t k = 0; k < 11; ++k) made.cols.push_back(11 * in.seen_by[i] + k);
    for (std::int64_t k = 0; k < 3; ++k) made.cols.push_back(11 * n + 3 * in.seen[i] + k);
    made.cols.push_back(11 * n + 3 * m + static_cast<std::int64_t>(i));
    made.vals.insert(made.vals.end(), &errors[r * ba_entries], &errors[r * ba_entries] + ba_entries);
    made.rows.push_back(static_cast<std::int64_t>(made.vals.size()));
  }
  for (std::size_t i = 0; i < in.observations; ++i) {
    made.cols.push_back(11 * n + 3 * m + static_cast<std::int64_t>(i));
    made.vals.push_back(weights[i]);
    made.rows.push_back(static_cast<std::int64_t>(made.vals.size()));
  }
  return made;
}

}  // namespace gradc::reference
