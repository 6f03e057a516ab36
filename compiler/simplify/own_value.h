// Naming a value by its definition: where a derivative contains sigmoid(z0[h]) and a0[h] = sigmoid(z0[h]) is
// an equation of the model, it is a0[h] that the reader expects, and what the machine has already computed.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <functional>
#include <unordered_map>
#include <vector>

#include "compiler/equations/system.h"
#include "compiler/simplify/ranges.h"
#include "compiler/simplify/shape.h"

namespace gradc {

class OwnValues {
 public:
  // `normal` brings an expression to the form in which others are looked up.
  OwnValues(Context& context, std::function<Expr(Expr)> normal) : c_(context), normal_(std::move(normal)) {}

  // Arithmetic is left out: 2*x in a derivative is not the model's y = 2*x because it looks like it. Of a
  // choice on positions (h[0] = 0, h[t+1] = tanh(…)) each side has the name where its condition holds.
  void add(const Definition& definition);
  // The element that has this value, or null.
  Expr name_of(Expr e, const Ranges& ranges);
  // Whether something inside may have a name; false is sure.
  bool may_name_inside(Expr e);

 private:
  using Conditions = std::vector<std::pair<Expr, bool>>;
  struct Named {
    TensorId tensor;
    Expr value;  // of the element whose subscripts are the slots, each plus its shift
    std::vector<std::int64_t> shifts;
    Conditions conditions;  // on the element's own subscripts
  };
  void add(TensorId tensor, Expr value, const Conditions& conditions);
  void enter(Named named);
  Expr element(const Named& named, Expr e, const Ranges& ranges);

  Context& c_;
  std::function<Expr(Expr)> normal_;
  Shapes shapes_;
  std::unordered_map<std::uint64_t, std::vector<Named>> named_;
};

}  // namespace gradc
