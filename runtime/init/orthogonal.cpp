// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/init/orthogonal.h"

#include <cmath>
#include <numeric>
#include <vector>

namespace gradc {

// Gram and Schmidt on the shorter side of a normal matrix, each vector twice ("twice is enough": Giraud,
// Langou, Rozložník & van den Eshof, Numer. Math. 2005). The directions are uniform on the sphere, so no
// signs need mending.
void fill_orthogonal(const RandomStream& random, double gain, const Shape& shape, std::span<double> values) {
  if (values.empty()) return;
  const std::size_t columns = shape.empty() ? 1 : static_cast<std::size_t>(shape.back());
  const std::size_t rows = values.size() / columns;
  const bool wide = rows < columns;  // then the rows are orthonormal
  const std::size_t count = wide ? rows : columns, length = wide ? columns : rows;
  std::vector<double> vectors(count * length);
  for (std::size_t i = 0; i < vectors.size(); ++i) vectors[i] = random.normal(i);
  for (std::size_t k = 0; k < count; ++k) {
    double* v = vectors.data() + k * length;
    for (int pass = 0; pass < 2; ++pass)
      for (std::size_t j = 0; j < k; ++j) {
        const double* u = vectors.data() + j * length;
        const double dot = std::inner_product(u, u + length, v, 0.0);
        for (std::size_t i = 0; i < length; ++i) v[i] -= dot * u[i];
      }
    const double norm = std::sqrt(std::inner_product(v, v + length, v, 0.0));
    for (std::size_t i = 0; i < length; ++i) v[i] /= norm;
  }
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column)
      values[row * columns + column] =
          gain * (wide ? vectors[row * length + column] : vectors[column * length + row]);
}

}  // namespace gradc
