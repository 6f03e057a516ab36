// Fills the inputs and targets of a call with the examples of a batch.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <span>
#include <vector>

#include "runtime/bound_call.h"
#include "runtime/dataset/dataset.h"

namespace gradc {

class BatchFeeder {
 public:
  // Buffers for up to `capacity` examples. `data` outlives the feeder.
  BatchFeeder(BoundCall& call, const Dataset& data, std::int64_t capacity);

  void feed(std::span<const std::int64_t> examples);

 private:
  struct Lane {
    const HostArray* column;
    HostArray buffer;
  };
  std::vector<Lane> lanes_;
};

}  // namespace gradc
