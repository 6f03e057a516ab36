// Names as LaTeX: `theta_0` and `theta0` are \theta_{0}, `yhat` is \hat{y}, `loss` is \mathrm{loss}. Nothing
// that stands in a name gets through as a command: what is not a letter or digit is spelled out.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <string_view>

namespace gradc {

// `w0` is the base w with the subscript 0: indices go behind it, w_{0,dh}.
struct LatexName {
  std::string base;
  std::string subscript;  // may be empty
  bool single = false;    // a letter with or without an accent: two of them need no blank between

  std::string whole() const;
};

LatexName latex_name(std::string_view name);

// "θ" for `theta`, a command without its backslash; empty: it is no letter.
std::string letter_of_command(std::string_view command);

// Any text (a rule's name, a message) for use inside \text{…}.
std::string latex_text(std::string_view text);

// Puts `piece` behind `out`, with a blank where a command word would run into a letter.
void append_latex(std::string& out, std::string_view piece);

}  // namespace gradc
