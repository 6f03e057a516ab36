// Derivatives from values alone: central differences in about 60 digits, so that they are right to far more
// digits than a double has. They share nothing with the differentiator. SPDX-License-Identifier: Apache-2.0
// WITH LLVM-exception
#pragma once

#include <cmath>
#include <random>
#include <string>

#include "compiler/operators/evaluate.h"

namespace gradc::test {

inline Point<Precise> to_precise(const Point<double>& point) {
  Point<Precise> result;
  result.sizes = point.sizes;
  for (const auto& [tensor, values] : point.tensors) {
    Values<Precise>& v = result.tensors[tensor];
    v.extents = values.extents;
    v.integers = values.integers;
    for (double x : values.reals) v.reals.push_back(Precise(x));
  }
  return result;
}

// Fills every real tensor that the system reads and nobody defines with numbers from [low, high).
inline void fill_given(const System& system, Point<double>& point, std::mt19937_64& random, double low = -2,
                       double high = 2) {
  std::uniform_real_distribution<double> uniform(low, high);
  const Context& c = system.context();
  for (const Definition& d : system.definitions())
    for (TensorId t : reads(d)) {
      if (system.find(t) || point.tensors.contains(t) || c.tensor(t).type != Type::real) continue;
      Values<double>& v = point.tensors[t];
      std::size_t count = 1;
      for (DimId dim : c.tensor(t).dims) {
        v.extents.push_back(size_of(c, dim, point).value());
        count *= static_cast<std::size_t>(v.extents.back());
      }
      for (std::size_t i = 0; i < count; ++i) v.reals.push_back(uniform(random));
    }
}

// ∂of/∂wrt by differences, [of…, wrt…] row-major; empty where the value cannot be had.
inline std::vector<double> differences(const System& system, TensorId of, TensorId wrt,
                                       const Point<double>& at) {
  const Precise step(Rational::parse("1e-20").value());
  Point<Precise> point = to_precise(at);
  Values<Precise>& x = point.tensors.at(wrt);
  std::vector<std::vector<double>> columns;
  for (std::size_t k = 0; k < x.reals.size(); ++k) {
    const Precise here = x.reals[k];
    x.reals[k] = here + step;
    const auto above = Evaluator<Precise>(system, point).tensor(of);
    x.reals[k] = here - step;
    const auto below = Evaluator<Precise>(system, point).tensor(of);
    x.reals[k] = here;
    if (!above || !below) return {};
    std::vector<double> column;
    for (std::size_t i = 0; i < above->reals.size(); ++i)
      column.push_back(((above->reals[i] - below->reals[i]) / (step + step)).to_double());
    columns.push_back(std::move(column));
  }
  std::vector<double> result;
  if (columns.empty()) return result;
  for (std::size_t i = 0; i < columns[0].size(); ++i)
    for (const auto& column : columns) result.push_back(column[i]);
  return result;
}

}  // namespace gradc::test
