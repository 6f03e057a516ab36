// The pass `simplified`: one system, shorter to read and no different. What people read and what the machine
// computes both come from it. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <vector>

#include "compiler/equations/system.h"
#include "compiler/simplify/rule.h"

namespace gradc {

// One use of a rule in one definition: what `--steps` prints.
struct SystemStep {
  TensorId definition;
  const Rule* rule;
  Expr before;
  Expr after;
};

// Rewrites to a fixed point: simplify(simplify(s)) is simplify(s), and a system with nothing to do comes back
// as it is. Definitions written by the user are rewritten by exact rules only and keep their names; those of
// derivatives (Role::adjoint, Role::tangent) by field algebra too, and are put in where they are read if they
// are trivial.
System simplify(const System& system, std::vector<SystemStep>* steps = nullptr);

}  // namespace gradc
