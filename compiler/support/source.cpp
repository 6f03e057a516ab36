// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/support/source.h"

#include <algorithm>
#include <utility>

namespace gradc {

SourceRange cover(SourceRange a, SourceRange b) {
  return {a.file, std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

Source::Source(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {
  line_begins_.push_back(0);
  for (std::uint32_t i = 0; i < text_.size(); ++i)
    if (text_[i] == '\n') line_begins_.push_back(i + 1);
}

Source::Place Source::place(std::uint32_t offset) const {
  offset = std::min<std::uint32_t>(offset, static_cast<std::uint32_t>(text_.size()));
  auto after = std::upper_bound(line_begins_.begin(), line_begins_.end(), offset);
  const std::uint32_t line = static_cast<std::uint32_t>(after - line_begins_.begin());
  std::uint32_t column = 1;
  for (std::uint32_t i = line_begins_[line - 1]; i < offset; ++i)
    if ((static_cast<unsigned char>(text_[i]) & 0xC0) != 0x80) ++column;  // count lead bytes only
  return {line, column};
}

std::string_view Source::line(std::uint32_t number) const {
  const std::uint32_t begin = line_begins_[number - 1];
  std::uint32_t end =
      number < line_count() ? line_begins_[number] - 1 : static_cast<std::uint32_t>(text_.size());
  if (end > begin && text_[end - 1] == '\r') --end;
  return std::string_view(text_).substr(begin, end - begin);
}

std::string_view Source::slice(SourceRange range) const {
  return std::string_view(text_).substr(range.begin, range.end - range.begin);
}

}  // namespace gradc
