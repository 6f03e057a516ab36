// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>

#include "runtime/data_error.h"
#include "runtime/safetensors_header.h"

namespace gradc {
namespace {

static_assert(std::endian::native == std::endian::little, "the format is little-endian");

using Json = nlohmann::json;
constexpr std::uint64_t header_limit = 16 << 20;

struct TypeName {
  std::string_view name;
  Storage storage;
};
constexpr TypeName type_names[] = {
    {"U8", Storage::u8}, {"I32", Storage::i32}, {"F32", Storage::f32}, {"F64", Storage::f64}};

struct Entry {
  std::string name;
  Storage storage = Storage::f64;
  Shape shape;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

// What is wrong with the entry; empty if nothing is.
std::string check_entry(const SafetensorsEntry& header, std::uint64_t data_bytes, Entry& entry) {
  const auto known = std::find_if(std::begin(type_names), std::end(type_names),
                                  [&](const TypeName& candidate) { return header.dtype == candidate.name; });
  if (known == std::end(type_names)) return fmt::format("has the unsupported type `{}`", header.dtype);
  entry = {header.name, known->storage, header.shape, header.offsets[0], header.offsets[1]};
  if (entry.end < entry.begin || entry.end > data_bytes) return "has offsets outside the file";
  const std::optional<std::int64_t> count = element_count(entry.shape);
  const std::uint64_t width = bytes_of(entry.storage);
  const std::uint64_t bytes = entry.end - entry.begin;
  if (!count || bytes % width != 0 || static_cast<std::uint64_t>(*count) != bytes / width)
    return fmt::format("has {} bytes, which is not the size of its shape {}", bytes, to_string(entry.shape));
  return "";
}

}  // namespace

std::string write_safetensors(std::span<const NamedArray> arrays) {
  std::string text = "{";
  std::uint64_t offset = 0;
  std::set<std::string_view> names;
  for (const NamedArray& named : arrays) {
    GRADC_CHECK(names.insert(named.name).second,
                "different names were expected, saw `" + named.name + "` twice");
    const auto type =
        std::find_if(std::begin(type_names), std::end(type_names),
                     [&](const TypeName& candidate) { return candidate.storage == named.array.storage(); });
    const std::uint64_t end = offset + named.array.bytes().size();
    const Json entry = {
        {"dtype", type->name}, {"shape", named.array.shape()}, {"data_offsets", {offset, end}}};
    text += fmt::format("{}{}:{}", text.size() == 1 ? "" : ",", Json(named.name).dump(), entry.dump());
    offset = end;
  }
  text += '}';
  text.append((8 - text.size() % 8) % 8, ' ');
  const std::uint64_t length = text.size();
  std::string bytes(reinterpret_cast<const char*>(&length), sizeof length);
  bytes.reserve(bytes.size() + text.size() + offset);
  bytes += text;
  for (const NamedArray& named : arrays)
    bytes.append(reinterpret_cast<const char*>(named.array.bytes().data()), named.array.bytes().size());
  return bytes;
}

Result<std::vector<NamedArray>> read_safetensors(const std::string& path, std::string_view bytes) {
  const auto damaged = [&](std::string what) {
    return data_error(DiagnosticCode::E523, path, std::move(what));
  };
  std::uint64_t length = 0;
  if (bytes.size() < sizeof length) return damaged("the file is too short for a safetensors file");
  std::memcpy(&length, bytes.data(), sizeof length);
  if (length > header_limit)
    return damaged(fmt::format("the header would have {} bytes, more than {}", length, header_limit));
  if (length > bytes.size() - sizeof length) return damaged("the file ends within its header");
  const std::string_view text = bytes.substr(sizeof length, length);
  const std::string_view data = bytes.substr(sizeof length + length);
  if (!text.starts_with('{')) return damaged("the header does not begin with `{`");

  std::vector<SafetensorsEntry> header;
  const std::string header_fault = read_safetensors_header(text, header);
  if (!header_fault.empty()) return damaged(header_fault);
  std::vector<Entry> entries(header.size());
  for (std::size_t i = 0; i < header.size(); ++i) {
    const std::string fault = check_entry(header[i], data.size(), entries[i]);
    if (!fault.empty()) return damaged(fmt::format("tensor `{}` {}", header[i].name.substr(0, 80), fault));
  }
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  std::uint64_t expected = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != expected)
      return damaged(fmt::format("tensor `{}` leaves a gap before it, or overlaps with another",
                                 entry.name.substr(0, 80)));
    expected = entry.end;
  }
  if (expected != data.size())
    return damaged(fmt::format("{} bytes belong to no tensor", data.size() - expected));

  std::vector<NamedArray> arrays;
  for (Entry& entry : entries) {
    HostArray array(entry.storage, std::move(entry.shape));
    if (entry.end > entry.begin)
      std::memcpy(array.bytes().data(), data.data() + entry.begin, array.bytes().size());
    arrays.push_back({std::move(entry.name), std::move(array)});
  }
  return arrays;
}

}  // namespace gradc
