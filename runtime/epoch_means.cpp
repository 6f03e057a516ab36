// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/epoch_means.h"

namespace gradc {

EpochMeans::EpochMeans(std::span<const NamedArray> like) : like_(like.begin(), like.end()) {
  for (const NamedArray& array : like_) sums_.emplace_back(static_cast<std::size_t>(array.array.size()), 0.0);
}

void EpochMeans::begin_epoch() {
  for (std::vector<double>& sum : sums_) std::fill(sum.begin(), sum.end(), 0.0);
  steps_ = 0;
}

void EpochMeans::add(std::span<const NamedArray> values) {
  for (std::size_t k = 0; k < sums_.size(); ++k)
    for (std::size_t i = 0; i < sums_[k].size(); ++i)
      sums_[k][i] += values[k].array.value(static_cast<std::int64_t>(i));
  ++steps_;
}

std::vector<NamedArray> EpochMeans::means() const {
  std::vector<NamedArray> result = like_;
  for (std::size_t k = 0; k < sums_.size(); ++k)
    for (std::size_t i = 0; i < sums_[k].size(); ++i)
      result[k].array.set_value(static_cast<std::int64_t>(i), sums_[k][i] / static_cast<double>(steps_));
  return result;
}

}  // namespace gradc
