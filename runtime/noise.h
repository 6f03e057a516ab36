// The noise of a call: for every example and step, from (seed, step, example, name, position) alone; so the
// same however examples are put into batches, and on any number of threads.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "runtime/bound_call.h"
#include "runtime/random.h"

namespace gradc {

// The numbers of one noise at one step.
RandomStream noise_stream(std::uint64_t seed, std::string_view name, std::uint64_t step);
// Elements [first, first + array.size()) of that stream, drawn from the distribution.
void draw(const gradc_noise_info& noise, const RandomStream& stream, std::uint64_t first, HostArray& array);

class NoiseFeeder {
 public:
  // Buffers for up to `capacity` examples.
  NoiseFeeder(BoundCall& call, std::uint64_t seed, std::int64_t capacity);

  // For these examples of the data, at this step.
  void feed(std::uint64_t step, std::span<const std::int64_t> examples);

 private:
  struct Lane {
    const gradc_array_info* info;
    HostArray buffer, example;
  };
  std::uint64_t seed_;
  std::vector<Lane> lanes_;
};

}  // namespace gradc
