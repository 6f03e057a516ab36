// What a wrong side lacks: a number, a named quantity or element, a derivative of an activation, or its
// inverse, as a factor or as a term. Found from values alone; it explains a verdict and never makes one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <optional>

#include "compiler/claims/test.h"

namespace gradc {

struct Missing {
  bool is_factor = true;  // else a term: left = right + what
  Expr what = {};         // over the claim's slots: left = right · what
};
std::optional<Missing> missing(const Model& model, const Claim& claim, std::uint64_t seed);

// The fraction with a small denominator that a number is, to the digits that are compared.
std::optional<Rational> simple_fraction(const Precise& x);

}  // namespace gradc
