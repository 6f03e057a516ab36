// Fills the inputs, targets and lengths of a call with the examples of a batch. All threads do, where they
// will need them; another thread that did so ahead would leave them in another processor's cache, and what
// fetching them from there takes was measured to be more than it saves. SPDX-License-Identifier: Apache-2.0
// WITH LLVM-exception
#pragma once

#include <span>
#include <vector>

#include "runtime/bound_call.h"
#include "runtime/dataset/dataset.h"

namespace gradc {

// The sizes of calls that are fed with these data: where examples differ in length, that of the longest.
std::vector<NamedSize> with_longest(std::span<const NamedSize> sizes, const Dataset* data);

// The examples of the batch that begins with number `first`; fewer at the end.
std::span<const std::int64_t> batch_from(std::span<const std::int64_t> examples, std::int64_t first,
                                         std::int64_t batch);

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
