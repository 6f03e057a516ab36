// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/dataset/gather.h"

#include <algorithm>
#include <cstring>

#include "runtime/vector_clones.h"

namespace gradc {
namespace {

template <class T>
__attribute__((always_inline)) inline void convert(const std::uint8_t* from, T* to, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) to[i] = static_cast<T>(from[i]);
}
GRADC_VECTOR_CLONES void convert_f32(const std::uint8_t* from, float* __restrict to, std::size_t n) {
  convert(from, to, n);
}
GRADC_VECTOR_CLONES void convert_f64(const std::uint8_t* from, double* __restrict to, std::size_t n) {
  convert(from, to, n);
}

// Asks for memory that will be read soon: rows lie anywhere, and no machine guesses where.
void ask_for(const std::byte* from, std::size_t bytes) {
  constexpr std::size_t line = 64, most = 4096;
  for (std::size_t k = 0; k < std::min(bytes, most); k += line) __builtin_prefetch(from + k);
}

}  // namespace

void gather(const HostArray& column, std::span<const std::int64_t> examples, HostArray& batch,
            std::int64_t first) {
  GRADC_CHECK(!column.shape().empty() && column.shape()[0] > 0, "a column with examples was expected");
  GRADC_CHECK(first + std::ssize(examples) <= batch.shape()[0],
              "a batch with room for its examples was expected");
  const std::size_t width = static_cast<std::size_t>(column.size() / column.shape()[0]);
  const std::size_t bytes = width * bytes_of(column.storage());
  constexpr std::size_t ahead = 4;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    if (i + ahead < examples.size())
      ask_for(column.bytes().data() + static_cast<std::size_t>(examples[i + ahead]) * bytes, bytes);
    const std::size_t example = static_cast<std::size_t>(examples[i]),
                      row = static_cast<std::size_t>(first) + i;
    if (column.storage() == batch.storage()) {
      if (bytes > 0)
        std::memcpy(batch.bytes().data() + row * bytes, column.bytes().data() + example * bytes, bytes);
    } else if (column.storage() == Storage::u8 && batch.storage() == Storage::f32) {
      convert_f32(column.as<std::uint8_t>().data() + example * width, batch.as<float>().data() + row * width,
                  width);
    } else if (column.storage() == Storage::u8 && batch.storage() == Storage::f64) {
      convert_f64(column.as<std::uint8_t>().data() + example * width, batch.as<double>().data() + row * width,
                  width);
    } else {
      GRADC_UNREACHABLE("binding converts columns to the model's type, or leaves them u8");
    }
  }
}

}  // namespace gradc
