// KaTeX (Khan Academy and contributors, MIT licence), put into the program when it is built: pages then are
// the same on every machine, and nothing has to be found where gradc runs. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <string_view>

namespace gradc {

std::string_view katex_script();
// The style sheet, with the fonts that our formulas use as data.
std::string katex_style();

}  // namespace gradc
