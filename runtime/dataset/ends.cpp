// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/dataset/ends.h"

#include <fmt/format.h>

#include <algorithm>

namespace gradc {

Ends::Ends(std::span<const ColumnSpec> specs, std::int64_t examples_at_most) : specs_(specs) {
  for (std::size_t tensor = 0; tensor < specs.size(); ++tensor) {
    const std::size_t first = axes_.size();
    std::int64_t stride = 1;
    for (std::size_t a = specs[tensor].extents.size(); a-- > 0; stride *= specs[tensor].extents[a].size) {
      const ColumnExtent& extent = specs[tensor].extents[a];
      if (!extent.ragged || extent.size == 0) continue;
      const auto found = std::ranges::find(dims_, extent.dim);
      const auto dim = static_cast<std::size_t>(found - dims_.begin());
      if (found == dims_.end()) dims_.push_back(extent.dim);
      axes_.push_back({tensor, dim, extent.size, stride});
    }
    of_tensor_.emplace_back(first, axes_.size());
  }
  filled_.resize(axes_.size());
  length_.resize(dims_.size());
  lengths_.resize(dims_.size());
  for (auto& lengths : lengths_) lengths.reserve(static_cast<std::size_t>(examples_at_most));
}

void Ends::fill(std::size_t tensor, std::size_t element) {
  for (std::size_t a = of_tensor_[tensor].first; a < of_tensor_[tensor].second; ++a)
    filled_[a] = std::max(filled_[a], axes_[a].position(element) + 1);
}

std::string Ends::settle() {
  for (std::size_t dim = 0; dim < dims_.size(); ++dim) {
    const Axis* first = nullptr;
    for (std::size_t a = 0; a < axes_.size(); ++a) {
      if (axes_[a].dim != dim) continue;
      if (first == nullptr) {
        first = &axes_[a];
        length_[dim] = filled_[a];
      } else if (length_[dim] != filled_[a]) {
        return fmt::format("the example has {} steps of `{}` and {} of `{}`, and both run over `{}`",
                           length_[dim], specs_[first->tensor].name, filled_[a],
                           specs_[axes_[a].tensor].name, dims_[dim]);
      }
    }
    lengths_[dim].push_back(static_cast<std::int32_t>(length_[dim]));
  }
  return "";
}

bool Ends::behind(std::size_t tensor, std::size_t element) const {
  for (std::size_t a = of_tensor_[tensor].first; a < of_tensor_[tensor].second; ++a)
    if (axes_[a].position(element) >= length_[axes_[a].dim]) return true;
  return false;
}

std::vector<NamedArray> Ends::lengths(std::int64_t examples) const {
  std::vector<NamedArray> result;
  for (std::size_t dim = 0; dim < dims_.size(); ++dim) {
    HostArray array(Storage::i32, {examples});
    std::copy_n(lengths_[dim].begin(), examples, array.as<std::int32_t>().begin());
    result.push_back({dims_[dim], std::move(array)});
  }
  return result;
}

}  // namespace gradc
