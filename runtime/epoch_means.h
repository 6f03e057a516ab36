// Means of arrays over the steps of an epoch, each step counting alike.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <span>
#include <vector>

#include "runtime/host_array.h"

namespace gradc {

class EpochMeans {
 public:
  // Of arrays like these; before the first step their means are those of nothing, NaN.
  explicit EpochMeans(std::span<const NamedArray> like);

  void begin_epoch();
  void add(std::span<const NamedArray> values);
  std::vector<NamedArray> means() const;

 private:
  std::vector<NamedArray> like_;
  std::vector<std::vector<double>> sums_;
  std::int64_t steps_ = 0;
};

}  // namespace gradc
