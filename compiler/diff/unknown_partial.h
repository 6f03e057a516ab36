// Derivatives that the table of operators does not have (gammainc by its first argument): who asks for one is
// told so before differentiation begins. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "compiler/equations/system.h"

namespace gradc {

struct UnknownPartial {
  const Operator* op;  // its argument `without_partial` varies
  TensorId in;  // what is defined by it, or by a derivative that has no place in the text; invalid if it is
                // the expression asked about
  TensorId by;  // of `wrt`, the first that it depends on
};

// The first that a derivative of `of` by one of `wrt` needs; of a higher order, also one that a derivative
// needs which a function states.
std::optional<UnknownPartial> unknown_partial(const System& system, TensorId of,
                                              std::span<const TensorId> wrt, int order = 1);
// The same of an expression by a placeholder that it reads itself.
std::optional<UnknownPartial> unknown_partial(Expr body, TensorId placeholder);

// What is said of it, `by` what is derived by; where to point to, the caller knows.
std::string without_partial_message(const UnknownPartial& unknown, std::string_view by);
inline constexpr std::string_view without_partial_help =
    "`stop(…)` around that argument holds it, and a function with `unchecked deriv` states a derivative";

}  // namespace gradc
