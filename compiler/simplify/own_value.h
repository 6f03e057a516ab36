// Naming a value by its definition: where a derivative contains sigmoid(z0[h]) and a0[h] = sigmoid(z0[h]) is
// an equation of the model, it is a0[h] that the reader expects, and what the machine has already computed.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <unordered_map>
#include <vector>

#include "compiler/equations/system.h"
#include "compiler/simplify/ranges.h"
#include "compiler/simplify/shape.h"

namespace gradc {

class OwnValues {
 public:
  explicit OwnValues(Context& context) : c_(context) {}

  // Arithmetic is left out: 2*x in a derivative is not the model's y = 2*x because it looks like it.
  void add(const Definition& definition);
  // The element that has this value, or null.
  Expr name_of(Expr e, const Ranges& ranges);

 private:
  struct Named {
    TensorId tensor;
    Expr value;
  };
  Context& c_;
  Shapes shapes_;
  std::unordered_map<std::uint64_t, std::vector<Named>> named_;
};

}  // namespace gradc
