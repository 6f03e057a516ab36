// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/gradbench/reference/saddle.h"

#include "tests/gradbench/reference/descent.h"

namespace gradc::reference {
namespace {

using Vector = std::vector<double>;

double square(const Vector& v) { return v[0] * v[0] + v[1] * v[1]; }
Vector twice(const Vector& v) { return {2 * v[0], 2 * v[1]}; }

}  // namespace

// The descent over y takes its steps from y alone, so what it finds does not change with x.
Vector saddle(const Vector& start) {
  const auto best = [&](const Vector& x) {
    return descend([&](const Vector& y) { return square(y) - square(x); }, twice, start);
  };
  Vector found = descend([&](const Vector& x) { return square(x) - square(best(x)); }, twice, start);
  const Vector y = best(found);
  found.insert(found.end(), y.begin(), y.end());
  return found;
}

}  // namespace gradc::reference
