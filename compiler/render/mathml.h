// Formulas as Presentation MathML (W3C MathML Core and MathML 3), from the boxes of formula.h.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <string_view>

namespace gradc {

// The align environments of a printed derivation, each as one <math display="block">.
std::string mathml_blocks(std::string_view latex);
// One formula in a line of text, as high as it would be alone.
std::string mathml_inline(std::string_view latex);

// For text and attributes of XML and HTML.
std::string escaped_xml(std::string_view text);

}  // namespace gradc
