// Integer expressions of the form  Σ coefficient·index + Σ coefficient·size + constant.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "compiler/equations/context.h"

namespace gradc {

struct Affine {
  std::map<Index, std::int64_t> indices;  // without zeros
  std::map<DimId, std::int64_t> sizes;    // run-time sizes; those of fixed dims are in the constant
  std::int64_t constant = 0;

  std::int64_t coefficient(Index index) const;
  Affine without(Index index) const;
  bool is_constant() const { return indices.empty() && sizes.empty(); }
  Expr to_expr(Context& context) const;

  friend Affine operator+(const Affine& a, const Affine& b);
  friend Affine operator*(std::int64_t factor, const Affine& a);
  friend bool operator==(const Affine&, const Affine&) = default;
};

// None if the expression is something else: a product of indices, div, mod, an access, or numbers beyond
// 2^31.
std::optional<Affine> affine_form(Expr e);

// If the subscript is the index and a number: the number.
std::optional<std::int64_t> offset_from(Expr subscript, Index index);

}  // namespace gradc
