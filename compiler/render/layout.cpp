// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/layout.h"

#include <cctype>

#include "compiler/render/latex_name.h"

namespace gradc {

constexpr std::size_t line_width = 90;  // in letters

// A command is a letter, what holds the formula together is nothing.
std::size_t width_of(std::string_view latex) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < latex.size(); ++i) {
    if (latex[i] == '\\') {
      const std::size_t begin = ++i;
      while (i < latex.size() && std::isalpha(static_cast<unsigned char>(latex[i]))) ++i;
      const std::string_view word = latex.substr(begin, i - begin);
      if (word != "left" && word != "right" && word != "mathrm" && word != "frac" && word != "text") ++width;
      if (i > begin) --i;
    } else if (std::string_view("{}_^&").find(latex[i]) == std::string_view::npos &&
               (latex[i] & 0xC0) != 0x80) {
      ++width;
    }
  }
  return width;
}

std::vector<std::string> lines_of(const std::vector<std::string>& pieces, std::size_t used) {
  std::vector<std::string> lines{""};
  for (const std::string& piece : pieces) {
    const std::size_t width = width_of(piece);
    if (!lines.back().empty() && used + width > line_width) {
      lines.emplace_back();
      used = 8;
    }
    append_latex(lines.back(), piece);
    used += width;
  }
  return lines;
}

std::string broken(const std::vector<std::string>& pieces, std::size_t used, std::string_view at_break) {
  std::string out;
  for (const std::string& line : lines_of(pieces, used)) {
    if (!out.empty()) out += at_break;
    append_latex(out, line);
  }
  return out;
}

}  // namespace gradc
