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
  // How long an example is along each `seq` of which a size is asked: given, an integer for each example.
  std::map<DimId, TensorId> lengths = {};

  TensorId operator()(TensorId unbatched) const;
  bool per_example(TensorId unbatched) const { return (*this)(unbatched) != unbatched; }
};

// An axis over a `seq` has, in the batch, the size of the longest example. What asks for the size gets the
// length of its example, so sums end there, and `h[T]` is the state behind the example's own last step; what
// lies behind it nobody reads, and where computing it could go wrong it is 0.
Batched batch(const System& one_example);

// Defines Σ over the batch of a batched scalar; a scalar that does not depend on an example is its own sum
// (the ABI's convention: a loss without examples counts as that of one).
TensorId add_batch_sum(Batched& batched, TensorId unbatched_scalar);

}  // namespace gradc
