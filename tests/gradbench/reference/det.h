// The determinant by expansion along the first row, and the cofactors that are its gradient, by hand.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <vector>

namespace gradc::reference {

double det_value(const std::vector<double>& a, std::size_t n);  // row by row
std::vector<double> det_gradient(const std::vector<double>& a, std::size_t n);

}  // namespace gradc::reference
