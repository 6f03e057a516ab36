// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>

#include "compiler/support/result.h"

namespace gradc::driver {

// The bytes of the PDF that an installed LaTeX makes of a document. It runs no other program, and its files
// lie in a folder of their own meanwhile.
Result<std::string> pdf_of(const std::string& document);

}  // namespace gradc::driver
