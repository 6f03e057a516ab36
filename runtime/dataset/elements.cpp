// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/dataset/elements.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "runtime/data_error.h"

namespace gradc {
namespace {

template <class Source>
Source load(const char* from, bool swap) {
  char bytes[sizeof(Source)];
  std::memcpy(bytes, from, sizeof(Source));
  if (swap) std::reverse(bytes, bytes + sizeof(Source));
  Source value;
  std::memcpy(&value, bytes, sizeof(Source));
  return value;
}

template <class Source, class Target>
HostArray copy(std::string_view bytes, bool swap, Shape shape) {
  HostArray array(storage_of_type<Target>(), std::move(shape));
  const std::span<Target> target = array.as<Target>();
  if (std::is_same_v<Source, Target> && !swap) {
    if (!bytes.empty()) std::memcpy(target.data(), bytes.data(), bytes.size());
    return array;
  }
  for (std::size_t i = 0; i < target.size(); ++i)
    target[i] = static_cast<Target>(load<Source>(bytes.data() + i * sizeof(Source), swap));
  return array;
}

template <class Source>
Result<HostArray> copy_wide(const std::string& path, std::string_view bytes, bool swap, Shape shape) {
  constexpr std::int64_t exact = std::int64_t{1} << 53;
  bool fits = true;
  for (std::size_t i = 0; i < bytes.size(); i += sizeof(Source)) {
    const std::int64_t value = load<Source>(bytes.data() + i, swap);
    fits = fits && value >= std::numeric_limits<std::int32_t>::min() &&
           value <= std::numeric_limits<std::int32_t>::max();
    if (value > exact || value < -exact)
      return data_error(DiagnosticCode::E508, path,
                        fmt::format("element {} is {}, an integer beyond 2^53 that has no exact place in "
                                    "a floating-point number",
                                    i / sizeof(Source), value));
  }
  return fits ? copy<Source, std::int32_t>(bytes, swap, std::move(shape))
              : copy<Source, double>(bytes, swap, std::move(shape));
}

}  // namespace

std::int64_t element_bytes(Element element) {
  switch (element) {
    case Element::u8:
    case Element::i8: return 1;
    case Element::u16:
    case Element::i16: return 2;
    case Element::u32:
    case Element::i32:
    case Element::f32: return 4;
    case Element::i64:
    case Element::f64: return 8;
  }
  GRADC_UNREACHABLE("an element type was expected");
}

Result<HostArray> convert_elements(const std::string& path, std::string_view bytes, Element element,
                                   std::endian order, Shape shape) {
  const bool swap = order != std::endian::native;
  switch (element) {
    case Element::u8: return copy<std::uint8_t, std::uint8_t>(bytes, swap, std::move(shape));
    case Element::i8: return copy<std::int8_t, std::int32_t>(bytes, swap, std::move(shape));
    case Element::u16: return copy<std::uint16_t, std::int32_t>(bytes, swap, std::move(shape));
    case Element::i16: return copy<std::int16_t, std::int32_t>(bytes, swap, std::move(shape));
    case Element::i32: return copy<std::int32_t, std::int32_t>(bytes, swap, std::move(shape));
    case Element::f32: return copy<float, float>(bytes, swap, std::move(shape));
    case Element::f64: return copy<double, double>(bytes, swap, std::move(shape));
    case Element::u32: return copy_wide<std::uint32_t>(path, bytes, swap, std::move(shape));
    case Element::i64: return copy_wide<std::int64_t>(path, bytes, swap, std::move(shape));
  }
  GRADC_UNREACHABLE("an element type was expected");
}

}  // namespace gradc
