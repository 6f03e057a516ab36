// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/dataset/npy.h"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cstring>

#include "runtime/data_error.h"
#include "runtime/dataset/elements.h"

namespace gradc {
namespace {

constexpr std::string_view magic{"\x93NUMPY", 6};
constexpr std::size_t header_limit = 65536;  // versions 2 and 3 could ask for 4 GiB
constexpr std::size_t rank_limit = 32;

struct ElementCode {
  std::string_view code;
  Element element;
};
constexpr ElementCode element_codes[] = {{"b1", Element::u8},  {"u1", Element::u8},  {"i1", Element::i8},
                                         {"u2", Element::u16}, {"i2", Element::i16}, {"u4", Element::u32},
                                         {"i4", Element::i32}, {"i8", Element::i64}, {"f4", Element::f32},
                                         {"f8", Element::f64}};

struct Header {
  std::string_view descr;
  bool fortran_order = false;
  Shape shape;
};

// header = '{' [ entry { ',' entry } [ ',' ] ] '}' ;  entry = string ':' ( string | 'True' | 'False' | tuple
// )
class HeaderParser {
 public:
  explicit HeaderParser(std::string_view text) : text_(text) {}

  // Empty on success, else what is wrong.
  std::string parse(Header& header) {
    bool has_descr = false, has_order = false, has_shape = false;
    if (!take('{')) return "does not begin with `{`";
    while (!take('}')) {
      std::string_view key;
      if (!take_string(key) || !take(':')) return "has an entry without a key";
      if (key == "descr" && !has_descr) {
        if (!take_string(header.descr)) return "has a `descr` that is no plain type";
        has_descr = true;
      } else if (key == "fortran_order" && !has_order) {
        if (!take_word("True", header.fortran_order, true) &&
            !take_word("False", header.fortran_order, false))
          return "has a `fortran_order` that is neither True nor False";
        has_order = true;
      } else if (key == "shape" && !has_shape) {
        if (!take_shape(header.shape)) return "has a `shape` that is no tuple of sizes";
        has_shape = true;
      } else {
        return fmt::format("has an unexpected key `{}`", key.substr(0, 40));
      }
      if (!take(',')) {
        if (!take('}')) return "has no `}`";
        break;
      }
    }
    skip_blanks();
    if (at_ != text_.size()) return "goes on behind its `}`";
    if (!has_descr || !has_order || !has_shape) return "lacks one of `descr`, `fortran_order`, `shape`";
    return "";
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t')) ++at_;
  }
  bool take(char c) {
    skip_blanks();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool take_string(std::string_view& value) {
    skip_blanks();
    if (at_ == text_.size() || (text_[at_] != '\'' && text_[at_] != '"')) return false;
    const std::size_t end = text_.find(text_[at_], at_ + 1);
    if (end == std::string_view::npos) return false;
    value = text_.substr(at_ + 1, end - at_ - 1);
    for (const char c : value)
      if (c < ' ' || c > '~' || c == '\\') return false;
    at_ = end + 1;
    return true;
  }
  bool take_word(std::string_view word, bool& target, bool value) {
    skip_blanks();
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    target = value;
    return true;
  }
  bool take_shape(Shape& shape) {
    if (!take('(')) return false;
    while (!take(')')) {
      skip_blanks();
      std::int64_t extent = -1;
      const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), extent);
      if (error != std::errc() || extent < 0 || shape.size() == rank_limit) return false;
      at_ = static_cast<std::size_t>(end - text_.data());
      shape.push_back(extent);
      if (take(',')) continue;
      return shape.size() > 1 && take(')');  // (3) is a number, not a tuple
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// The same elements with the axes' order turned round: Fortran's first index is the fastest.
HostArray to_row_major(const HostArray& columns, const Shape& shape) {
  HostArray rows(columns.storage(), shape);
  const std::size_t width = bytes_of(columns.storage());
  Shape index(shape.size(), 0);
  Shape stride(shape.size(), 1);
  for (std::size_t axis = 1; axis < shape.size(); ++axis) stride[axis] = stride[axis - 1] * shape[axis - 1];
  for (std::int64_t i = 0; i < rows.size(); ++i) {
    std::int64_t from = 0;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) from += index[axis] * stride[axis];
    std::memcpy(rows.bytes().data() + static_cast<std::size_t>(i) * width,
                columns.bytes().data() + static_cast<std::size_t>(from) * width, width);
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      if (++index[axis] < shape[axis]) break;
      index[axis] = 0;
    }
  }
  return rows;
}

}  // namespace

bool looks_like_npy(std::string_view bytes) { return bytes.starts_with(magic); }

Result<HostArray> read_npy(const std::string& path, std::string_view bytes) {
  const auto damaged = [&](std::string message, std::string help = "") {
    return data_error(DiagnosticCode::E522, path, std::move(message), std::move(help));
  };
  if (!looks_like_npy(bytes)) return damaged("the file does not begin as an .npy file does");
  if (bytes.size() < 10) return damaged("the .npy file ends within its head");
  const int version = static_cast<unsigned char>(bytes[6]);
  if (version < 1 || version > 3)
    return damaged(fmt::format("the .npy file has the unknown version {}", version));
  const std::size_t prefix = version == 1 ? 10 : 12;
  if (bytes.size() < prefix) return damaged("the .npy file ends within its head");
  std::size_t length = 0;
  for (std::size_t i = prefix; i-- > 8;) length = length << 8 | static_cast<unsigned char>(bytes[i]);
  if (length > header_limit)
    return damaged(fmt::format("the .npy file has a header of {} bytes, more than {}", length, header_limit));
  if (bytes.size() < prefix + length) return damaged("the .npy file ends within its header");
  Header header;
  const std::string fault = HeaderParser(bytes.substr(prefix, length)).parse(header);
  if (!fault.empty()) return damaged("the .npy file's header " + fault);

  std::string_view code = header.descr;
  std::endian order = std::endian::native;
  if (!code.empty() && std::string_view("<>|=").find(code[0]) != std::string_view::npos) {
    if (code[0] == '<') order = std::endian::little;
    if (code[0] == '>') order = std::endian::big;
    code.remove_prefix(1);
  }
  const ElementCode* type = nullptr;
  for (const ElementCode& candidate : element_codes)
    if (candidate.code == code) type = &candidate;
  if (type == nullptr)
    return damaged(fmt::format("the .npy file holds elements of type `{}`", header.descr.substr(0, 40)),
                   "save it with `.astype('f8')`");

  const std::string_view data = bytes.substr(prefix + length);
  const std::int64_t width = element_bytes(type->element);
  const std::int64_t rest = static_cast<std::int64_t>(data.size());
  const std::optional<std::int64_t> count = element_count(header.shape);
  if (!count || *count > rest / width || *count * width != rest)
    return damaged(fmt::format("the .npy file of shape {} and type `{}` has {} bytes of elements",
                               to_string(header.shape), header.descr, rest));
  Result<HostArray> array = convert_elements(path, data, type->element, order, header.shape);
  if (!array || !header.fortran_order) return array;
  return to_row_major(*array, header.shape);
}

std::string write_npy(const HostArray& array) {
  static_assert(std::endian::native == std::endian::little, "the element codes below say little-endian");
  std::string_view descr;
  switch (array.storage()) {
    case Storage::u8: descr = "|u1"; break;
    case Storage::i32: descr = "<i4"; break;
    case Storage::f32: descr = "<f4"; break;
    case Storage::f64: descr = "<f8"; break;
  }
  std::string shape;
  for (std::int64_t extent : array.shape()) shape += (shape.empty() ? "" : ", ") + std::to_string(extent);
  if (array.shape().size() == 1) shape += ",";
  std::string header =
      fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}", descr, shape);
  header.append(63 - (10 + header.size()) % 64, ' ');  // so that the elements begin at a multiple of 64
  header += '\n';
  std::string bytes(magic);
  bytes += '\x01';
  bytes += '\0';
  bytes += static_cast<char>(header.size() & 0xFF);
  bytes += static_cast<char>(header.size() >> 8);
  bytes += header;
  bytes.append(reinterpret_cast<const char*>(array.bytes().data()), array.bytes().size());
  return bytes;
}

}  // namespace gradc
