// A system as Python code for SymPy: given quantities are symbols and indexed bases, equations are
// expressions and functions of their subscripts, which are counted from 0. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>

#include "compiler/equations/system.h"
#include "compiler/support/result.h"

namespace gradc {

// A script that Python runs; noise is given by the caller. E616 where something has no form there:
// `converged`.
Result<std::string> sympy_script(const System& system);

}  // namespace gradc
