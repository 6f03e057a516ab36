// GradBench's first problem: a square. By hand.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace gradc::reference {

inline double square(double x) { return x * x; }
inline double square_derivative(double x) { return 2 * x; }

}  // namespace gradc::reference
