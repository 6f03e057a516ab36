// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tests/gradbench/reference/det.h"

namespace gradc::reference {
namespace {

// Of the rows from `row` on but `left_out`, and the columns whose bits are set.
double minor(const std::vector<double>& a, std::size_t n, std::size_t row, std::size_t left_out,
             unsigned columns) {
  if (row == left_out) ++row;
  if (row >= n) return 1;
  double sum = 0, sign = 1;
  for (std::size_t c = 0; c < n; ++c) {
    if (!(columns >> c & 1)) continue;
    sum += sign * a[row * n + c] * minor(a, n, row + 1, left_out, columns & ~(1u << c));
    sign = -sign;
  }
  return sum;
}

}  // namespace

double det_value(const std::vector<double>& a, std::size_t n) { return minor(a, n, 0, n, (1u << n) - 1); }

std::vector<double> det_gradient(const std::vector<double>& a, std::size_t n) {
  std::vector<double> gradient(n * n);
  for (std::size_t r = 0; r < n; ++r)
    for (std::size_t c = 0; c < n; ++c)
      gradient[r * n + c] = ((r + c) % 2 == 0 ? 1 : -1) * minor(a, n, 0, r, ((1u << n) - 1) & ~(1u << c));
  return gradient;
}

}  // namespace gradc::reference
