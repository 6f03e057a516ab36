// What depends on what: the tensors and expressions through which a derivative flows.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <unordered_map>
#include <unordered_set>

#include "compiler/equations/system.h"

namespace gradc {

using TensorSet = std::unordered_set<TensorId>;

// The tensors of a system that depend, by real arithmetic not blocked by `stop`, on one of `sources` (with
// them).
TensorSet varied_tensors(const System& system, const TensorSet& sources);

// Whether an expression reads a tensor of the set by real arithmetic; remembers its answers.
class Varied {
 public:
  explicit Varied(const TensorSet& tensors) : tensors_(tensors) {}
  bool operator()(Expr e);
  bool contains(TensorId t) const { return tensors_.contains(t); }

 private:
  const TensorSet& tensors_;
  std::unordered_map<Expr, bool> memo_;
};

}  // namespace gradc
