// What a derivation tells below its lines: where a derivative had to be chosen.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <vector>

#include "compiler/equations/system.h"
#include "compiler/render/notation.h"

namespace gradc {

// One line for each kink of an operator that the values use, if the system holds derivatives of them.
std::vector<std::string> kink_footnotes(const System& system, Format format);

}  // namespace gradc
