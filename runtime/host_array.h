// A tensor in memory: contiguous, row-major, aligned for vectors. Parameters, data columns and results are
// these. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "compiler/support/check.h"
#include "runtime/abi.h"

namespace gradc {

enum class Storage : std::uint8_t { u8, i32, f32, f64 };

std::size_t bytes_of(Storage storage);
std::string_view name_of(Storage storage);  // "f32"
Storage storage_of(int scalar);             // of GRADC_F32 ...

template <class T>
constexpr Storage storage_of_type();
template <>
constexpr Storage storage_of_type<std::uint8_t>() {
  return Storage::u8;
}
template <>
constexpr Storage storage_of_type<std::int32_t>() {
  return Storage::i32;
}
template <>
constexpr Storage storage_of_type<float>() {
  return Storage::f32;
}
template <>
constexpr Storage storage_of_type<double>() {
  return Storage::f64;
}

using Shape = std::vector<std::int64_t>;

// The product of the extents; nothing if one is negative or the product overflows.
std::optional<std::int64_t> element_count(std::span<const std::int64_t> shape);
std::string to_string(const Shape& shape);  // "[3, 4]"

template <class T>
struct AlignedAllocator {
  using value_type = T;
  static constexpr std::align_val_t alignment{GRADC_WORKSPACE_ALIGNMENT};
  AlignedAllocator() = default;
  template <class U>
  AlignedAllocator(const AlignedAllocator<U>&) {}  // NOLINT: the allocator concept wants it implicit
  T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), alignment)); }
  void deallocate(T* p, std::size_t) { ::operator delete(p, alignment); }
  friend bool operator==(AlignedAllocator, AlignedAllocator) { return true; }
};
using AlignedBytes = std::vector<std::byte, AlignedAllocator<std::byte>>;

class HostArray {
 public:
  HostArray() = default;
  HostArray(Storage storage, Shape shape);  // zeros

  Storage storage() const { return storage_; }
  const Shape& shape() const { return shape_; }
  std::int64_t size() const { return size_; }  // elements
  std::span<std::byte> bytes() { return bytes_; }
  std::span<const std::byte> bytes() const { return bytes_; }

  template <class T>
  std::span<T> as() {
    GRADC_CHECK(storage_of_type<T>() == storage_, "an array is read as another type");
    return {reinterpret_cast<T*>(bytes_.data()), static_cast<std::size_t>(size_)};
  }
  template <class T>
  std::span<const T> as() const {
    GRADC_CHECK(storage_of_type<T>() == storage_, "an array is read as another type");
    return {reinterpret_cast<const T*>(bytes_.data()), static_cast<std::size_t>(size_)};
  }
  double value(std::int64_t i) const;        // element i as a number
  void set_value(std::int64_t i, double x);  // rounded to the storage
  void reshape(Shape shape);                 // the same number of elements
  void truncate(std::int64_t extent);        // keeps so many along the first axis

 private:
  Storage storage_ = Storage::f64;
  Shape shape_ = {0};
  std::int64_t size_ = 0;
  AlignedBytes bytes_;
};

// Compiled calls keep the address of an array's elements while the array itself moves.
static_assert(std::is_nothrow_move_constructible_v<HostArray>);

struct NamedArray {
  std::string name;
  HostArray array;
};
// Null if there is none of that name.
const HostArray* find(std::span<const NamedArray> arrays, std::string_view name);
HostArray* find(std::span<NamedArray> arrays, std::string_view name);

// Whether every element is a number; integers are.
bool all_finite(const HostArray& array);

}  // namespace gradc
