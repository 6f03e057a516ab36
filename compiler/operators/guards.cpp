// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/guards.h"

#include <algorithm>

#include "compiler/equations/walk.h"

namespace gradc {

void add_guard(std::vector<Expr>& guards, Expr guard) {
  const auto is_computed = [](Expr at) { return at->kind != ExprKind::position && !at->is_constant(); };
  const bool reads = std::ranges::any_of(reachable_nodes(guard), [&](Expr e) {
    return e->kind == ExprKind::access && std::ranges::any_of(e->arguments(), is_computed);
  });
  guards.insert(reads ? guards.end() : guards.begin(), guard);
}

}  // namespace gradc
