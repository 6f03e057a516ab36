// `gradc diff --batch`: the mean over a batch of examples in the place of one example's value.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/driver/request.h"

namespace gradc::driver {

struct BatchMean {
  System system;    // batched, with a mean for each quantity of the request: Ebar = 1/B Σ E
  Request request;  // of the means, by what stands for each tensor in the batch
};

// The quantities must be scalars; one that is the same for all examples stays as it is.
Result<BatchMean> batch_mean(const ModelFile& file, const Request& request);

}  // namespace gradc::driver
