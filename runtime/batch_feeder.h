// Fills the inputs, targets and lengths of a call with the examples of a batch.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <span>
#include <vector>

#include "runtime/bound_call.h"
#include "runtime/dataset/dataset.h"

namespace gradc {

// The sizes of calls that are fed with these data: where examples differ in length, that of the longest.
std::vector<NamedSize> with_longest(std::span<const NamedSize> sizes, const Dataset* data);

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
