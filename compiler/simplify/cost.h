// How much there is to read: the size of the expression written out, sharing not counted. Rules make it fall.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <unordered_map>

#include "compiler/equations/context.h"

namespace gradc {

class Cost {
 public:
  double operator()(Expr e);  // grows like the tree, so it may be huge, but is never infinite

 private:
  std::unordered_map<Expr, double> memo_;
};

}  // namespace gradc
