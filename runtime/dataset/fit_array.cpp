// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/dataset/fit_array.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/data_error.h"

namespace gradc {
namespace {

Shape without_examples(const HostArray& array) { return {array.shape().begin() + 1, array.shape().end()}; }

// Whether one shape is the other with neighbouring axes merged: every partial product of the coarser is one
// of the finer.
bool regroups(const Shape& a, const Shape& b) {
  const auto partial_products = [](const Shape& shape) {
    std::vector<std::int64_t> products;
    std::int64_t product = 1;
    for (std::int64_t extent : shape) products.push_back(product *= extent);
    std::erase(products, 1);
    products.erase(std::unique(products.begin(), products.end()), products.end());
    return products;
  };
  const auto pa = partial_products(a), pb = partial_products(b);
  return std::includes(pa.begin(), pa.end(), pb.begin(), pb.end()) ||
         std::includes(pb.begin(), pb.end(), pa.begin(), pa.end());
}

std::string describe(const ColumnSpec& spec) {
  Shape shape;
  for (const ColumnExtent& extent : spec.extents) shape.push_back(extent.size);
  return shape.empty() ? fmt::format("a number for `{}`", spec.name)
                       : fmt::format("`{}{}`", spec.name, to_string(shape));
}

void clear_behind_ends(const ColumnSpec& spec, HostArray& array, std::span<const NamedArray> lengths) {
  const std::int64_t examples = array.shape()[0];
  std::int64_t stride = 1;
  for (std::size_t a = spec.extents.size(); a-- > 0; stride *= spec.extents[a].size) {
    const ColumnExtent& extent = spec.extents[a];
    const HostArray* ends = extent.ragged ? find(lengths, extent.dim) : nullptr;
    if (ends == nullptr || ends->size() != examples) continue;
    const std::int64_t width = array.size() / std::max<std::int64_t>(1, examples);
    for (std::int64_t n = 0; n < examples; ++n) {
      const auto end = static_cast<std::int64_t>(ends->value(n));
      for (std::int64_t i = 0; i < width; ++i)
        if (i / stride % extent.size >= end) array.set_value(n * width + i, 0);
    }
  }
}

Result<HostArray> to_members(const ColumnSpec& spec, const HostArray& array, const std::string& path) {
  HostArray members(Storage::i32, array.shape());
  const std::span<std::int32_t> target = members.as<std::int32_t>();
  const std::int64_t width = array.size() / std::max<std::int64_t>(1, array.shape()[0]);
  for (std::int64_t i = 0; i < array.size(); ++i) {
    const double value = array.value(i);
    if (value != std::floor(value) || !std::isfinite(value))
      return data_error(DiagnosticCode::E514, path,
                        fmt::format("example {} (from 0) holds {}, and a member of `{}` is a whole number",
                                    i / width, value, spec.members.dim));
    if (value < 0 || value >= static_cast<double>(spec.members.size))
      return data_error(
          DiagnosticCode::E513, path,
          spec.is_length ? fmt::format("example {} (from 0) is to have {} steps of `{}`, which has 0 to {}",
                                       i / width, value, spec.name, spec.members.size - 1)
                         : fmt::format("example {} (from 0) holds {}, and the members of `{}` are 0 to {}",
                                       i / width, value, spec.members.dim, spec.members.size - 1));
    target[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(value);
  }
  return members;
}

template <class T>
Result<HostArray> to_numbers(HostArray array, const std::string& path) {
  const std::int64_t width = array.size() / std::max<std::int64_t>(1, array.shape()[0]);
  const bool same = array.storage() == storage_of_type<T>();
  HostArray numbers = same ? HostArray() : HostArray(storage_of_type<T>(), array.shape());
  for (std::int64_t i = 0; i < array.size(); ++i) {
    const double value = array.value(i);
    if (!std::isfinite(value))
      return data_error(DiagnosticCode::E509, path,
                        fmt::format("example {} (from 0) holds {}, which is not finite", i / width, value),
                        "remove the example, or fill in a value");
    if (std::is_same_v<T, float> && std::isinf(static_cast<float>(value)))
      return data_error(DiagnosticCode::E508, path,
                        fmt::format("example {} (from 0) holds {}, too large for f32", i / width, value),
                        "train with `--precision f64`");
    if (!same) numbers.as<T>()[static_cast<std::size_t>(i)] = static_cast<T>(value);
  }
  return same ? std::move(array) : std::move(numbers);
}

}  // namespace

Shape extents_in_array(const ColumnSpec& spec, const HostArray& array) {
  Shape shape;
  for (const ColumnExtent& extent : spec.extents) shape.push_back(extent.size);
  const Shape seen = without_examples(array);
  if (seen.size() == shape.size()) {
    for (std::size_t axis = 0; axis < shape.size(); ++axis)
      if (shape[axis] < 0) shape[axis] = seen[axis];
  } else if (shape.size() == 1 && shape[0] < 0) {
    shape[0] = element_count(seen).value_or(-1);
  }
  return shape;
}

Result<HostArray> fit_array(const ColumnSpec& spec, HostArray array, const std::string& path,
                            const DataLimits& limits, std::span<const NamedArray> lengths) {
  Shape shape;
  for (const ColumnExtent& extent : spec.extents) shape.push_back(extent.size);
  const Shape seen = without_examples(array);
  const std::optional<std::int64_t> count = element_count(shape);
  if (!count || count != element_count(seen) || !regroups(shape, seen))
    return data_error(
        DiagnosticCode::E516, path,
        fmt::format("the file holds {} for each of {} examples, and the model declares {}",
                    seen.empty() ? "a number" : to_string(seen), array.shape()[0], describe(spec)));
  const std::int64_t width = static_cast<std::int64_t>(bytes_of(storage_of(spec.scalar)));
  const bool kept = array.storage() == Storage::u8 && spec.scalar != GRADC_I32;
  if (!kept && array.size() > limits.bytes / width)
    return data_error(DiagnosticCode::E502, path,
                      fmt::format("`{}` of shape {} needs more than the limit of {} bytes", spec.name,
                                  to_string(array.shape()), limits.bytes));
  shape.insert(shape.begin(), array.shape()[0]);
  array.reshape(std::move(shape));
  clear_behind_ends(spec, array, lengths);
  if (spec.scalar == GRADC_I32) return to_members(spec, array, path);
  if (kept) return array;
  return spec.scalar == GRADC_F32 ? to_numbers<float>(std::move(array), path)
                                  : to_numbers<double>(std::move(array), path);
}

}  // namespace gradc
