// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/host_array.h"

#include <algorithm>
#include <cmath>

namespace gradc {
namespace {

// Calls f with a null pointer of the storage's type.
template <class F>
auto with_type(Storage storage, F f) {
  switch (storage) {
    case Storage::u8: return f(static_cast<std::uint8_t*>(nullptr));
    case Storage::i32: return f(static_cast<std::int32_t*>(nullptr));
    case Storage::f32: return f(static_cast<float*>(nullptr));
    case Storage::f64: return f(static_cast<double*>(nullptr));
  }
  GRADC_UNREACHABLE("a storage type was expected");
}

}  // namespace

std::size_t bytes_of(Storage storage) {
  return with_type(storage, [](auto* type) { return sizeof(*type); });
}

std::string_view name_of(Storage storage) {
  switch (storage) {
    case Storage::u8: return "u8";
    case Storage::i32: return "i32";
    case Storage::f32: return "f32";
    case Storage::f64: return "f64";
  }
  GRADC_UNREACHABLE("a storage type was expected");
}

Storage storage_of(int scalar) {
  switch (scalar) {
    case GRADC_F32: return Storage::f32;
    case GRADC_F64: return Storage::f64;
    case GRADC_I32: return Storage::i32;
  }
  GRADC_UNREACHABLE("a scalar type of abi.h was expected");
}

std::optional<std::int64_t> element_count(std::span<const std::int64_t> shape) {
  if (std::any_of(shape.begin(), shape.end(), [](std::int64_t extent) { return extent < 0; })) return {};
  std::int64_t count = 1;
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return 0;
  for (std::int64_t extent : shape)
    if (__builtin_mul_overflow(count, extent, &count)) return {};
  return count;
}

std::string to_string(const Shape& shape) {
  std::string text = "[";
  for (std::int64_t extent : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
  return text + "]";
}

HostArray::HostArray(Storage storage, Shape shape) : storage_(storage), shape_(std::move(shape)) {
  const std::optional<std::int64_t> count = element_count(shape_);
  GRADC_CHECK(count && *count < (std::int64_t{1} << 58),
              "a checked shape was expected, saw " + to_string(shape_));
  size_ = *count;
  bytes_.resize(static_cast<std::size_t>(size_) * bytes_of(storage));
}

double HostArray::value(std::int64_t i) const {
  return with_type(storage_, [&](auto* type) {
    return static_cast<double>(as<std::remove_pointer_t<decltype(type)>>()[static_cast<std::size_t>(i)]);
  });
}

void HostArray::set_value(std::int64_t i, double x) {
  with_type(storage_, [&](auto* type) {
    using T = std::remove_pointer_t<decltype(type)>;
    as<T>()[static_cast<std::size_t>(i)] = static_cast<T>(x);
  });
}

void HostArray::reshape(Shape shape) {
  GRADC_CHECK(element_count(shape) == size_,
              "a shape of as many elements was expected, saw " + to_string(shape));
  shape_ = std::move(shape);
}

void HostArray::truncate(std::int64_t extent) {
  GRADC_CHECK(!shape_.empty() && extent >= 0 && extent <= shape_[0], "a smaller first extent was expected");
  shape_[0] = extent;
  size_ = *element_count(shape_);
  bytes_.resize(static_cast<std::size_t>(size_) * bytes_of(storage_));
}

const HostArray* find(std::span<const NamedArray> arrays, std::string_view name) {
  for (const NamedArray& named : arrays)
    if (named.name == name) return &named.array;
  return nullptr;
}

HostArray* find(std::span<NamedArray> arrays, std::string_view name) {
  for (NamedArray& named : arrays)
    if (named.name == name) return &named.array;
  return nullptr;
}

bool all_finite(const HostArray& array) {
  const auto finite = [](auto x) { return std::isfinite(x); };
  switch (array.storage()) {
    case Storage::u8:
    case Storage::i32: return true;
    case Storage::f32: return std::ranges::all_of(array.as<float>(), finite);
    case Storage::f64: return std::ranges::all_of(array.as<double>(), finite);
  }
  GRADC_UNREACHABLE("a storage type was expected");
}

}  // namespace gradc
