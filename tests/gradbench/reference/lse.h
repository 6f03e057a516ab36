// The logarithm of a sum of exponentials, and its gradient, by hand.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <vector>

namespace gradc::reference {

double lse_value(const std::vector<double>& x);
std::vector<double> lse_gradient(const std::vector<double>& x);

}  // namespace gradc::reference
