// A random matrix with orthonormal rows or columns, whichever are fewer: Saxe, McClelland & Ganguli, "Exact
// solutions to the nonlinear dynamics of learning in deep linear neural networks", ICLR 2014.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <span>

#include "runtime/host_array.h"
#include "runtime/random.h"

namespace gradc {

// All axes but the last are taken together as rows.
void fill_orthogonal(const RandomStream& random, double gain, const Shape& shape, std::span<double> values);

}  // namespace gradc
