// Conditions on indices, decided where small fixed ranges decide them: an adjoint that is active for all of
// three positions needs no guard. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "compiler/equations/context.h"

namespace gradc {

// Whether a condition holds at all positions of its indices. False means "not seen", not "wrong".
bool always_holds(Context& context, Expr condition);

// The value of a binder that its range and the guards leave, if it is one: of three positions, the one that
// is neither 0 nor 1.
std::optional<std::int64_t> only_value(Context& context, const Binder& binder, std::span<const Expr> guards);

// The conjunction without the parts that always hold; null: nothing is left.
Expr without_what_holds(Context& context, Expr condition);

// Whether there are index values for which it holds: what does not depend on the binders stands outside, each
// side of an `or` by itself, and what small fixed ranges decide is `true` or `false`.
Expr exists(Context& context, std::span<const Binder> binders, Expr condition);

// a or b, of which either may be null (never) and `true` is always.
Expr either_of(Expr a, Expr b);

}  // namespace gradc
