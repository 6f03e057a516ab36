// The text of a model file, and where things stand in it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gradc {

// Bytes [begin, end) of one file. `file` counts the files of a compilation: 0 is the main one.
struct SourceRange {
  std::uint32_t file = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  friend bool operator==(SourceRange, SourceRange) = default;
};

// The smallest range that holds both (of the same file).
SourceRange cover(SourceRange a, SourceRange b);

class Source {
 public:
  struct Place {
    std::uint32_t line;    // from 1
    std::uint32_t column;  // from 1, in code points
  };

  Source(std::string name, std::string text);

  const std::string& name() const { return name_; }
  std::string_view text() const { return text_; }
  std::uint32_t line_count() const { return static_cast<std::uint32_t>(line_begins_.size()); }
  Place place(std::uint32_t offset) const;
  std::string_view line(std::uint32_t number) const;  // from 1, without its line end
  std::uint32_t line_begin(std::uint32_t number) const { return line_begins_[number - 1]; }
  std::string_view slice(SourceRange range) const;

 private:
  std::string name_;
  std::string text_;
  std::vector<std::uint32_t> line_begins_;
};

// All the files of one compilation; a SourceRange's `file` counts into it.
using Sources = std::vector<Source>;

}  // namespace gradc
