// The saddle point of x² - y² in two dimensions each, by gradient descent inside gradient descent; by hand.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <vector>

namespace gradc::reference {

std::vector<double> saddle(const std::vector<double>& start);  // x*, then y*

}  // namespace gradc::reference
