// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "grammar/text.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>

namespace gradc::grammar {
namespace {

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
}

std::string mapped(std::string_view text, int options) {
  utf8proc_uint8_t* out = nullptr;
  const utf8proc_ssize_t length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                               static_cast<utf8proc_ssize_t>(text.size()), &out,
                                               static_cast<utf8proc_option_t>(UTF8PROC_STABLE | options));
  if (length < 0) return std::string(text);
  std::string result(reinterpret_cast<const char*>(out), static_cast<std::size_t>(length));
  std::free(out);
  return result;
}

// Characters that reorder the text on the screen, so that it reads otherwise than it is (CVE-2021-42574).
bool reorders(char32_t c) { return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069); }

std::string called(char32_t c) {
  if (c == 0) return "a NUL byte";
  if (c == '\r') return "a carriage return without line feed";
  return fmt::format("the control character U+{:04X}", static_cast<std::uint32_t>(c));
}

}  // namespace

bool check_text(std::string_view text, std::uint32_t file, Reports& reports) {
  if (text.size() > most_bytes) {
    reports.add(DiagnosticCode::E013, SourceRange{file, 0, 0},
                fmt::format("the file has {} bytes; at most {} are read", text.size(), most_bytes),
                "large tables belong into a data file");
    return false;
  }
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    char32_t c = byte;
    std::size_t length = 1;
    if (byte >= 0x80) {
      utf8proc_int32_t decoded = -1;
      const utf8proc_ssize_t read = utf8proc_iterate(
          reinterpret_cast<const utf8proc_uint8_t*>(text.data() + i),
          static_cast<utf8proc_ssize_t>(std::min<std::size_t>(4, text.size() - i)), &decoded);
      if (read < 0) {
        const auto at = static_cast<std::uint32_t>(i);
        reports.add(DiagnosticCode::E001, SourceRange{file, at, at + 1},
                    fmt::format("the byte 0x{:02X} is not UTF-8", byte), "save the file as UTF-8");
        return false;
      }
      c = static_cast<char32_t>(decoded);
      length = static_cast<std::size_t>(read);
    }
    const bool line_end = c == '\n' || (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n');
    if ((c < 0x20 && c != '\t' && !line_end) || (c >= 0x7F && c < 0xA0) || reorders(c)) {
      const auto at = static_cast<std::uint32_t>(i);
      reports.add(DiagnosticCode::E002, SourceRange{file, at, at + static_cast<std::uint32_t>(length)},
                  fmt::format("the file holds {}", called(c)), "remove it; a model is plain text");
      return false;
    }
    i += length;
  }
  return true;
}

std::string nfc(std::string_view text) {
  return is_ascii(text) ? std::string(text) : mapped(text, UTF8PROC_COMPOSE);
}
std::string nfkc(std::string_view text) {
  return is_ascii(text) ? std::string(text) : mapped(text, UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
}

char32_t first_code_point(std::string_view text, std::size_t* length) {
  utf8proc_int32_t c = 0;
  const utf8proc_ssize_t read = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                                 static_cast<utf8proc_ssize_t>(text.size()), &c);
  *length = read > 0 ? static_cast<std::size_t>(read) : 1;
  return static_cast<char32_t>(c);
}

syntax::TextId Names::add(std::string_view spelled, SourceRange range) {
  const bool ascii = is_ascii(spelled);
  const std::string name = nfc(spelled);
  const auto length = static_cast<std::size_t>(
      std::count_if(name.begin(), name.end(), [](unsigned char c) { return (c & 0xC0) != 0x80; }));
  if (length > most_in_name)
    reports_.add(DiagnosticCode::E012, range, fmt::format("a name of {} characters", length),
                 fmt::format("a name has at most {} characters", most_in_name));
  const syntax::TextId id = texts_.intern(name);
  const auto index = static_cast<std::size_t>(id.value);
  if (index >= known_.size()) known_.resize(texts_.size());
  if (known_[index]) return id;
  known_[index] = true;
  auto [first, added] = by_look_.emplace(ascii ? name : nfkc(name), syntax::Spelled{id, range});
  if (!added)
    reports_.add({DiagnosticCode::E011,
                  fmt::format("`{}` looks like `{}` and is another name", name, texts_[first->second.text]),
                  {range, ""},
                  {{first->second.range, "the other one"}},
                  "give both the same spelling"});
  return id;
}

}  // namespace gradc::grammar
