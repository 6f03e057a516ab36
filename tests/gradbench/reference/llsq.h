// A step function fitted by a polynomial, in least squares: value and gradient by hand.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <vector>

namespace gradc::reference {

double llsq_value(const std::vector<double>& x, std::size_t points);
std::vector<double> llsq_gradient(const std::vector<double>& x, std::size_t points);

}  // namespace gradc::reference
