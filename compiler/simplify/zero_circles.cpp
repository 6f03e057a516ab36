// Adjoints in a circle of which none comes in: d[k] = g[k] d[k + 1] from d[N] = 0. By induction along the
// circle they are 0, if each is where it reads 0 for the others. Differentiation makes them where a stated
// derivative holds what a body reads. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <unordered_set>

#include "compiler/equations/walk.h"
#include "compiler/simplify/definitions.h"
#include "compiler/simplify/rewriter.h"

namespace gradc {

System without_zero_circles(const System& system) {
  Context& c = system.context();
  Rewriter algebra(c, Reader::both);
  std::unordered_set<TensorId> zero;
  for (const std::vector<std::size_t>& group : strongly_connected(system)) {
    if (!is_circle(system, group)) continue;
    std::unordered_set<TensorId> members;
    for (std::size_t i : group) members.insert(system.definitions()[i].tensor);
    const bool derivatives = std::ranges::all_of(group, [&](std::size_t i) {
      const Definition& d = system.definitions()[i];
      return d.define() && is_derivative(c, d);
    });
    const bool vanishes =
        derivatives && std::ranges::all_of(group, [&](std::size_t i) {
          const Expr alone = rewrite(system.definitions()[i].define()->value, [&](Expr e) {
            return e->kind == ExprKind::access && members.contains(e->tensor) ? c.real(0) : e;
          });
          return algebra(alone)->is_constant(0);
        });
    if (vanishes) zero.insert(members.begin(), members.end());
  }
  if (zero.empty()) return system;
  System result(c);
  for (Definition d : system.definitions()) {
    if (zero.contains(d.tensor)) d.rule = Define{c.real(0)};
    result.add(std::move(d));
  }
  result.set_outputs(system.outputs());
  return result;
}

}  // namespace gradc
