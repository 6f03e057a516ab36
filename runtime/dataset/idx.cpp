// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/dataset/idx.h"

#include <fmt/format.h>

#include <bit>
#include <cstring>

#include "runtime/data_error.h"
#include "runtime/dataset/elements.h"

namespace gradc {
namespace {

struct ElementType {
  unsigned char code;
  Element element;
};
constexpr ElementType element_types[] = {{0x08, Element::u8},  {0x09, Element::i8},  {0x0B, Element::i16},
                                         {0x0C, Element::i32}, {0x0D, Element::f32}, {0x0E, Element::f64}};

unsigned char byte_at(std::string_view bytes, std::size_t i) { return static_cast<unsigned char>(bytes[i]); }

}  // namespace

bool looks_like_idx(std::string_view bytes) { return bytes.size() >= 2 && bytes[0] == 0 && bytes[1] == 0; }

Result<HostArray> read_idx(const std::string& path, std::string_view bytes) {
  const auto damaged = [&](std::string message) {
    return data_error(DiagnosticCode::E521, path, std::move(message));
  };
  if (bytes.size() < 4)
    return damaged(fmt::format("the IDX file has {} bytes, its head needs 4", bytes.size()));
  const ElementType* type = nullptr;
  for (const ElementType& candidate : element_types)
    if (candidate.code == byte_at(bytes, 2)) type = &candidate;
  if (type == nullptr)
    return damaged(fmt::format("the IDX file has the unknown type byte 0x{:02x}", byte_at(bytes, 2)));
  const std::size_t rank = byte_at(bytes, 3);
  if (rank == 0) return damaged("the IDX file has no axis of examples");
  const std::size_t head = 4 + 4 * rank;
  if (bytes.size() < head) return damaged(fmt::format("the IDX file ends within its {} extents", rank));
  Shape shape;
  for (std::size_t axis = 0; axis < rank; ++axis) {
    std::int64_t extent = 0;
    for (std::size_t i = 0; i < 4; ++i) extent = extent << 8 | byte_at(bytes, 4 + 4 * axis + i);
    shape.push_back(extent);
  }
  const std::int64_t width = element_bytes(type->element);
  const std::optional<std::int64_t> count = element_count(shape);
  const std::int64_t rest = static_cast<std::int64_t>(bytes.size() - head);
  // Compared by division: count * width may overflow where count does not.
  if (!count || *count > rest / width || *count * width != rest)
    return damaged(fmt::format(
        "the IDX file of shape {} needs {} bytes behind its head, and has {}", to_string(shape),
        count && *count <= INT64_MAX / width ? std::to_string(*count * width) : "too many", rest));
  return convert_elements(path, bytes.substr(head), type->element, std::endian::big, std::move(shape));
}

}  // namespace gradc
