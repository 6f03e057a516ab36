// A model that reduces over the batch, looked at from outside training: its values and derivatives are those
// of a batch. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <span>

#include "compiler/driver/model_file.h"
#include "runtime/bound_call.h"

namespace gradc::driver {

// Where nothing is reduced over the batch, the model stays as it is: that of one example. Else what differs
// from example to example gains a first axis, and what is minimised, and each metric, becomes its mean,
// E_mean.
void take_whole_batch(ModelFile& file);
// How many examples such a batch has; 1 where the model is that of one.
std::int64_t examples_in(std::span<const NamedSize> sizes);

}  // namespace gradc::driver
