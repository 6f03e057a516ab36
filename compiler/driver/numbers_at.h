// The numbers beside a derivation: `gradc diff --at x=2`.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/driver/derivatives.h"
#include "compiler/operators/evaluate.h"

namespace gradc::driver {

// All quantities and derivatives at the point of --at, by compiled code.
Result<Point<double>> numbers_at(const ModelFile& file, const Derivatives& made, const Options& options);

}  // namespace gradc::driver
