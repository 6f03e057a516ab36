// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/simplify/cost.h"

#include <algorithm>
#include <vector>

namespace gradc {
namespace {

double own_cost(Expr e) {
  switch (e->kind) {
    case ExprKind::constant: return e->value->is_integer() ? 1 : 1.5;
    case ExprKind::position:
    case ExprKind::size: return 1;
    case ExprKind::access: return 1;
    case ExprKind::apply: return 1;
    case ExprKind::choose: return 3;
    case ExprKind::reduce: return 4;
  }
  return 1;
}

}  // namespace

double Cost::operator()(Expr root) {
  std::vector<Expr> stack{root};
  while (!stack.empty()) {
    const Expr e = stack.back();
    if (memo_.contains(e)) {
      stack.pop_back();
      continue;
    }
    const std::size_t before = stack.size();
    for (Expr operand : e->operands)
      if (!memo_.contains(operand)) stack.push_back(operand);
    if (stack.size() != before) continue;
    stack.pop_back();
    double cost = own_cost(e);
    // Subscripts count little: x[n, d] is one thing to the reader.
    for (Expr operand : e->operands)
      cost += e->kind == ExprKind::access ? memo_.at(operand) / 8 : memo_.at(operand);
    memo_.emplace(e, std::min(cost, 1e300));
  }
  return memo_.at(root);
}

}  // namespace gradc
