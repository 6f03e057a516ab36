// How much machine code an expression becomes: a sigmoid is forty operations, a sum is one. What keeps pieces
// of straight-line code small counts by this, since LLVM's cost grows faster than a piece.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

#include "compiler/equations/context.h"

namespace gradc::kernel {

class Weight {
 public:
  // Of the node alone, without its operands.
  std::size_t operator()(Expr node);

 private:
  // By operator, and by the number that it is applied to (its id, or -1): x^2 is a product, x^y is not.
  std::map<std::pair<const Operator*, std::int32_t>, std::size_t> known_;
};

}  // namespace gradc::kernel
