// How wide formulas are, and where a line is broken. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gradc {

// How wide LaTeX is on paper, roughly, in letters.
std::size_t width_of(std::string_view latex);

// The pieces in a row, behind `used` letters; a new line where the next no longer fits.
std::vector<std::string> lines_of(const std::vector<std::string>& pieces, std::size_t used);
// The same with `at_break` between the lines.
std::string broken(const std::vector<std::string>& pieces, std::size_t used, std::string_view at_break);

}  // namespace gradc
