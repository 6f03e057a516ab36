// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/gradbench/reference/particle.h"

#include <cmath>

#include "tests/gradbench/reference/descent.h"

namespace gradc::reference {
namespace {

// A number and its derivative by w.
struct Dual {
  double v, d;
};
Dual operator+(Dual a, Dual b) { return {a.v + b.v, a.d + b.d}; }
Dual operator-(Dual a, Dual b) { return {a.v - b.v, a.d - b.d}; }
Dual operator*(Dual a, Dual b) { return {a.v * b.v, a.v * b.d + a.d * b.v}; }
Dual operator/(Dual a, Dual b) { return {a.v / b.v, (a.d - a.v / b.v * b.d) / b.v}; }
Dual sqrt(Dual a) { return {std::sqrt(a.v), a.d / (2 * std::sqrt(a.v))}; }

}  // namespace

// The force of a charge at c: minus the gradient of 1/|x - c|, which is (x - c)/|x - c|³.
Flight fly(double w) {
  const Dual charge[2][2] = {{{10, 0}, {10 - w, -1}}, {{10, 0}, {0, 0}}}, step{0.1, 0};
  Dual x[2] = {{0, 0}, {8, 0}}, v[2] = {{0.75, 0}, {0, 0}};
  for (;;) {
    Dual force[2] = {{0, 0}, {0, 0}};
    for (const auto& c : charge) {
      const Dual apart[2] = {x[0] - c[0], x[1] - c[1]}, square = apart[0] * apart[0] + apart[1] * apart[1];
      for (int k = 0; k < 2; ++k) force[k] = force[k] + apart[k] / (square * sqrt(square));
    }
    for (int k = 0; k < 2; ++k) x[k] = x[k] + step * v[k];
    if (x[1].v <= 0) break;
    for (int k = 0; k < 2; ++k) v[k] = v[k] + step * force[k];
  }
  const Dual hit = x[0] - x[1] / v[1] * v[0], square = hit * hit;
  return {square.v, square.d};
}

double particle(double start) {
  using Vector = std::vector<double>;
  return descend([](const Vector& w) { return fly(w[0]).square; },
                 [](const Vector& w) { return Vector{fly(w[0]).by_w}; }, Vector{start})[0];
}

}  // namespace gradc::reference
