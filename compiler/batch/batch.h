// From one example to a batch: what differs from example to example gains a first axis over the batch.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <map>
#include <span>

#include "compiler/equations/system.h"

namespace gradc {

struct Batched {
  System system;  // the same outputs, batched
  DimId batch;    // the number of examples: a run-time dim
  // What stands for each tensor of the system given: itself, if it does not depend on an example.
  std::map<TensorId, TensorId> tensors;

  TensorId operator()(TensorId unbatched) const;
  bool per_example(TensorId unbatched) const { return (*this)(unbatched) != unbatched; }
};

Batched batch(const System& one_example);

// Defines Σ over the batch of a batched scalar; a scalar that does not depend on an example is its own sum
// (the ABI's convention: a loss without examples counts as that of one).
TensorId add_batch_sum(Batched& batched, TensorId unbatched_scalar);

}  // namespace gradc
