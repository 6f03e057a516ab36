// What passes over whole systems share.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/equations/definition.h"

namespace gradc {

// Made by differentiation.
bool is_derivative(const Context& context, const Definition& definition);

// Puts trivial derivative definitions (constants, other names, small ones that are read once) in where they
// are read. `steps` gets nothing: the reader sees the names go.
System inline_trivial(const System& system);
// A definition of the user's that is nothing but a derivative takes over that derivative's formula.
System inline_aliases(const System& system);
// Circles of derivatives that are 0 throughout become 0.
System without_zero_circles(const System& system);

}  // namespace gradc
