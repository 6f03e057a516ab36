// What noise is drawn from, as numbers. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <vector>

#include "compiler/driver/given_values.h"
#include "runtime/abi.h"

namespace gradc::driver {

// Of noise that the system leaves to be given; its parameters are numbers.
gradc_noise_info noise_info(const System& system, TensorId noise);
// The noise that does not stand for its mean: what is set, or all of it if it is to be drawn.
System with_noise(const ModelFile& file, const System& system, const Options& options);

}  // namespace gradc::driver
