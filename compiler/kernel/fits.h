// Whether a subscript lies in range, as far as that can be known before run time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <map>
#include <optional>
#include <utility>

#include "compiler/equations/context.h"
#include "compiler/operators/affine.h"

namespace gradc::kernel {

// The ranges of indices: slots and full binders run over their dims, other binders from lower to upper - 1.
class Ranges {
 public:
  void add(const Binder& binder);
  // True only if 0 <= subscript < size(axis) for all values of its indices.
  bool fits(Expr subscript, DimId axis) const;
  // The greatest value of an integer that is never negative, if both are known.
  std::optional<std::int64_t> greatest(Expr integer) const;

 private:
  struct Range {
    Expr lower, upper;
  };
  const Range* stated(Index index) const;
  std::optional<std::pair<std::int64_t, std::int64_t>> interval(Expr integer) const;
  std::optional<Affine> bound(Expr integer, bool greatest) const;
  std::map<Index, Range> ranges_;
};

// lower = 0 and upper = the size of the index's dim.
bool covers_dim(const Binder& binder);

}  // namespace gradc::kernel
