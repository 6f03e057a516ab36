// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/gradbench/reference/ht.h"

#include <array>
#include <cmath>

namespace gradc::reference {
namespace {

using Matrix = std::array<double, 16>;  // row by row
using Vec = std::array<double, 3>;
constexpr std::size_t thetas = 26;

Matrix operator*(const Matrix& a, const Matrix& b) {
  Matrix c{};
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t k = 0; k < 4; ++k)
      for (std::size_t j = 0; j < 4; ++j) c[4 * i + j] += a[4 * i + k] * b[4 * k + j];
  return c;
}
Matrix matrix(const double* p) {
  Matrix m;
  for (std::size_t i = 0; i < 16; ++i) m[i] = p[i];
  return m;
}

// Which entries of theta turn bone b about x and z; none: it does not bend. Each of the five fingers has four
// bones from bone 2 on, of which the first three bend.
struct Bend {
  int x = -1, z = -1;
};
Bend bend(std::size_t b) {
  if (b < 2 || b >= 22) return {};
  const int first = 6 + 4 * static_cast<int>((b - 2) / 4);
  switch ((b - 2) % 4) {
    case 0: return {first, first + 1};
    case 1: return {first + 2, -1};
    case 2: return {first + 3, -1};
    default: return {};
  }
}

Matrix turn_x(double t) {
  return {1, 0, 0, 0, 0, std::cos(t), -std::sin(t), 0, 0, std::sin(t), std::cos(t), 0, 0, 0, 0, 1};
}
Matrix turn_z(double t) {
  return {std::cos(t), -std::sin(t), 0, 0, std::sin(t), std::cos(t), 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};
}
Matrix turn_x_by_t(double t) {
  return {0, 0, 0, 0, 0, -std::sin(t), -std::cos(t), 0, 0, std::cos(t), -std::sin(t), 0, 0, 0, 0, 0};
}
Matrix turn_z_by_t(double t) {
  return {-std::sin(t), -std::cos(t), 0, 0, std::cos(t), -std::sin(t), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
}

// What takes each bone's base position to the pose, or, with `by` an entry of theta, its derivative.
std::vector<Matrix> skinning(const Ht& in, int by = -1) {
  std::vector<Matrix> pose(in.bones), pose_by(in.bones), made(in.bones);
  for (std::size_t b = 0; b < in.bones; ++b) {
    const Bend at = bend(b);
    const double tx = at.x < 0 ? 0 : in.theta[static_cast<std::size_t>(at.x)];
    const double tz = at.z < 0 ? 0 : in.theta[static_cast<std::size_t>(at.z)];
    const Matrix relative = matrix(&in.relative[16 * b]), inverse = matrix(&in.inverse[16 * b]);
    const Matrix local = relative * turn_z(tz) * turn_x(tx);
    Matrix local_by{};
    if (by >= 0 && by == at.x) local_by = relative * turn_z(tz) * turn_x_by_t(tx);
    if (by >= 0 && by == at.z) local_by = relative * turn_z_by_t(tz) * turn_x(tx);
    if (in.parent[b] < 0) {
      pose[b] = local;
      pose_by[b] = local_by;
    } else {
      const auto p = static_cast<std::size_t>(in.parent[b]);
      pose[b] = pose[p] * local;
      const Matrix first = pose_by[p] * local, second = pose[p] * local_by;
      for (std::size_t i = 0; i < 16; ++i) pose_by[b][i] = first[i] + second[i];
    }
    made[b] = (by < 0 ? pose[b] : pose_by[b]) * inverse;
  }
  return made;
}

std::vector<Vec> skin(const Ht& in, const std::vector<Matrix>& of_bones) {
  std::vector<Vec> made(in.vertices);
  for (std::size_t v = 0; v < in.vertices; ++v) {
    Vec sum{};
    for (std::size_t b = 0; b < in.bones; ++b)
      for (std::size_t i = 0; i < 3; ++i) {
        double at = 0;
        for (std::size_t j = 0; j < 4; ++j) at += of_bones[b][4 * i + j] * in.base[4 * v + j];
        sum[i] += in.weight[v * in.bones + b] * at;
      }
    if (in.mirrored) sum[0] = -sum[0];
    made[v] = sum;
  }
  return made;
}

Vec cross(const Vec& a, const Vec& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}
double dot(const Vec& a, const Vec& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

// The hand as a whole: turned by the axis-angle theta[0:3], moved by theta[3:6].
class Whole {
 public:
  explicit Whole(const Ht& in) : theta_(in.theta) {
    for (std::size_t i = 0; i < 3; ++i) axis_[i] = theta_[i];
    angle_ = std::sqrt(dot(axis_, axis_));
    if (turns())
      for (double& a : axis_) a /= angle_;
  }
  Vec turned(const Vec& p) const {
    if (!turns()) return p;
    const Vec across = cross(axis_, p);
    Vec made;
    for (std::size_t i = 0; i < 3; ++i)
      made[i] = p[i] * std::cos(angle_) + across[i] * std::sin(angle_) +
                axis_[i] * dot(axis_, p) * (1 - std::cos(angle_));
    return made;
  }
  Vec placed(const Vec& p) const {
    const Vec at = turned(p);
    return {at[0] + theta_[3], at[1] + theta_[4], at[2] + theta_[5]};
  }
  // By theta[k], k < 3: the angle changes by axis[k], the axis across itself.
  Vec turned_by(const Vec& p, std::size_t k) const {
    if (!turns()) return {};
    const double c = std::cos(angle_), s = std::sin(angle_), turn = axis_[k], along = dot(axis_, p);
    Vec tilt;
    for (std::size_t i = 0; i < 3; ++i) tilt[i] = ((i == k ? 1 : 0) - turn * axis_[i]) / angle_;
    const Vec across = cross(axis_, p), tilted = cross(tilt, p);
    Vec made;
    for (std::size_t i = 0; i < 3; ++i)
      made[i] = turn * (-p[i] * s + across[i] * c + axis_[i] * along * s) + tilted[i] * s +
                (1 - c) * (tilt[i] * along + axis_[i] * dot(tilt, p));
    return made;
  }

 private:
  bool turns() const { return angle_ >= 1e-4; }
  const std::vector<double>& theta_;
  Vec axis_{};
  double angle_ = 0;
};

// Where on the hand point c belongs: its vertices, and how much of each.
struct Place {
  std::array<std::size_t, 3> vertex{};
  Vec share{1, 0, 0};
};
Place place(const Ht& in, std::size_t c) {
  const auto at = static_cast<std::size_t>(in.correspondence[c]);
  if (!in.complicated) return {{at, at, at}, {1, 0, 0}};
  Place made;
  for (std::size_t k = 0; k < 3; ++k) made.vertex[k] = static_cast<std::size_t>(in.triangle[3 * at + k]);
  made.share = {in.us[2 * c], in.us[2 * c + 1], 1 - in.us[2 * c] - in.us[2 * c + 1]};
  return made;
}
double blend(const std::vector<Vec>& vertices, const Place& at, std::size_t i) {
  double sum = 0;
  for (std::size_t k = 0; k < 3; ++k) sum += at.share[k] * vertices[at.vertex[k]][i];
  return sum;
}

std::vector<Vec> vertices_by(const Ht& in, const Whole& whole, const std::vector<Vec>& skinned,
                             std::size_t k) {
  std::vector<Vec> made(in.vertices);
  if (k >= 6) {
    made = skin(in, skinning(in, static_cast<int>(k)));
    for (Vec& v : made) v = whole.turned(v);
  } else {
    for (std::size_t v = 0; v < in.vertices; ++v)
      made[v] =
          k < 3 ? whole.turned_by(skinned[v], k) : Vec{k == 3 ? 1.0 : 0, k == 4 ? 1.0 : 0, k == 5 ? 1.0 : 0};
  }
  return made;
}

}  // namespace

std::vector<double> ht_value(const Ht& in) {
  const Whole whole(in);
  std::vector<Vec> vertices = skin(in, skinning(in));
  for (Vec& v : vertices) v = whole.placed(v);
  std::vector<double> made(3 * in.points);
  for (std::size_t c = 0; c < in.points; ++c)
    for (std::size_t i = 0; i < 3; ++i)
      made[3 * c + i] = in.point[3 * c + i] - blend(vertices, place(in, c), i);
  return made;
}

std::vector<double> ht_jacobian(const Ht& in) {
  const Whole whole(in);
  const std::vector<Vec> skinned = skin(in, skinning(in));
  const std::size_t own = in.complicated ? 2 : 0, columns = own + thetas;
  std::vector<double> made(3 * in.points * columns);
  for (std::size_t k = 0; k < thetas; ++k) {
    const std::vector<Vec> by = vertices_by(in, whole, skinned, k);
    for (std::size_t c = 0; c < in.points; ++c)
      for (std::size_t i = 0; i < 3; ++i) made[(3 * c + i) * columns + own + k] = -blend(by, place(in, c), i);
  }
  if (in.complicated)
    for (std::size_t c = 0; c < in.points; ++c) {
      const Place at = place(in, c);
      std::array<Vec, 3> corner;
      for (std::size_t k = 0; k < 3; ++k) corner[k] = whole.placed(skinned[at.vertex[k]]);
      for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t k = 0; k < 2; ++k) made[(3 * c + i) * columns + k] = corner[2][i] - corner[k][i];
    }
  return made;
}

}  // namespace gradc::reference
