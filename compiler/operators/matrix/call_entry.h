// What every entry of this folder includes. An entry is one definition:  CALL(inverse) = {.name = "inv", …};
// CMake finds it by that line. The derivatives are those of M. B. Giles, "Collected matrix derivative results
// for forward and reverse mode algorithmic differentiation" (2008), unless an entry says otherwise.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/operators/matrix/factor.h"
#include "compiler/operators/matrix_equations.h"

#define CALL(name)                       \
  extern const CallOperator call_##name; \
  constinit const CallOperator call_##name

namespace gradc {
extern const CallOperator call_solve, call_solve_transposed, call_solve_lower, call_solve_lower_transposed,
    call_solve_upper, call_solve_upper_transposed, call_inverse, call_cofactors;
}  // namespace gradc
