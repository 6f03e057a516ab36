// A system as Python code for SymPy: given quantities are symbols and indexed bases, equations are
// expressions and functions of their subscripts, which are counted from 0. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <string_view>

#include "compiler/equations/operator.h"
#include "compiler/equations/system.h"
#include "compiler/support/result.h"

namespace gradc {

// A script that Python runs. E616 where something has no form there: functions of matrices, noise.
Result<std::string> sympy_script(const System& system);

// "sp.Abs(#1)" with the arguments as holes; empty: SymPy has no such function.
std::string sympy_form(const Operator& op);

}  // namespace gradc
