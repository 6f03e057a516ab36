// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/plan.h"

#include "compiler/equations/walk.h"

namespace gradc::kernel {

std::vector<TensorId> made_by(const Item& item) {
  return item.kind == Item::Kind::routine ? item.results : std::vector{item.tensor};
}

std::vector<Expr> roots_of(const Item& item) {
  std::vector<Expr> roots;
  for (Expr e : {item.value, item.guard, item.product.a, item.product.b})
    if (e) roots.push_back(e);
  roots.insert(roots.end(), item.place.begin(), item.place.end());
  roots.insert(roots.end(), item.arguments.begin(), item.arguments.end());
  return roots;
}

std::vector<Expr> accesses_of(const Item& item) {
  std::vector<Expr> accesses;
  for (Expr e : reachable_nodes(roots_of(item)))
    if (e->kind == ExprKind::access) accesses.push_back(e);
  return accesses;
}

}  // namespace gradc::kernel
