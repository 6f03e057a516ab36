// Indices and dims. An index is a variable that ranges over a dim (or over a stated numeric range).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <compare>
#include <cstdint>

#include "compiler/support/id.h"

namespace gradc {

using DimId = Id<struct DimTag>;
using TensorId = Id<struct TensorTag>;

// What an index variable is, without its name: two expressions that differ in names only are one node.
//   slot k   the definition's k-th free index: axis k of the tensor that it defines
//   bound l  bound by a reduction at height l: 1 + the greatest height inside the reduction's operands.
//   Numbering
//            binders by height makes a term's indices depend on the term alone, so that it can be moved under
//            other binders without renaming (Sato, Pollack, Schwichtenberg, Sakurai, "Viewing λ-terms through
//            maps", 2013). Along any path outwards, heights strictly rise.
//   fresh n  a variable that exists while an expression is built or rewritten; see Context::fresh_index
struct Index {
  enum class Kind : std::uint8_t { slot, bound, fresh };
  Kind kind = Kind::slot;
  std::int32_t number = 0;
  DimId dim = {};  // not valid: a numeric range without a dim

  static Index slot(std::int32_t number, DimId dim) { return {Kind::slot, number, dim}; }
  friend constexpr auto operator<=>(const Index&, const Index&) = default;
};

}  // namespace gradc
