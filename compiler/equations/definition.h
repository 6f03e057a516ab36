// What a definition is made of, whatever its kind (Define, Call, Noise): the one place that every
// pass over definitions asks. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <functional>
#include <vector>

#include "compiler/equations/system.h"

namespace gradc {

// Define, Noise: one; Call: the results.
std::vector<TensorId> tensors_defined_by(const Definition& definition);
// All of its expressions, in the order in which they are printed.
std::vector<Expr> expressions(const Definition& definition);
// The definition with every expression replaced.
Definition mapped(const Definition& definition, const std::function<Expr(Expr)>& map);

}  // namespace gradc
