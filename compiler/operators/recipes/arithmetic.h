// Recipes of one machine operation, of choices between arguments, and of powers with literal exponents.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/operators/recipes/format.h"

namespace gradc::recipe {

// `.emit = machine<MachineOp::add>`
template <MachineOp which>
EmitValue machine(Emitter& e, const EmitValue* x) {
  return e.op(which, std::span<const EmitValue>(x, static_cast<std::size_t>(operand_count(which))));
}

inline Lanes same(Lanes x) { return x; }
Lanes sign(Lanes x);
Lanes max(Lanes x, Lanes y);
Lanes min(Lanes x, Lanes y);
Lanes clamp(Lanes x, Lanes low, Lanes high);
Lanes relu(Lanes x);
Lanes leaky_relu(Lanes x);
Lanes integer_pow(Lanes x, Lanes n);

// x^n for a literal n, if products, one division and one root are accurate.
std::optional<Lanes> literal_pow(Lanes x, const Rational& n);

}  // namespace gradc::recipe
