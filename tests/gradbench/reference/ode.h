// A chain of differential equations by the classic method of Runge and Kutta (Kutta 1901), from 0 to 2, and
// the gradient of its last component, by hand. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <vector>

namespace gradc::reference {

std::vector<double> ode_value(const std::vector<double>& x, std::size_t steps);
std::vector<double> ode_gradient(const std::vector<double>& x, std::size_t steps);

}  // namespace gradc::reference
