// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/guarded_reads.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "compiler/equations/walk.h"
#include "compiler/kernel/fits.h"

namespace gradc::kernel {

namespace {

// What it costs to compute twice: nothing with loops in it is put elsewhere.
constexpr std::size_t largest = 64;

bool has_guards(Expr root) {
  return std::ranges::any_of(reachable_nodes(root), [](Expr e) {
    return e->kind == ExprKind::choose || (e->kind == ExprKind::reduce && !e->guard()->is_constant(1));
  });
}

}  // namespace

System put_behind_guards(const System& system) {
  std::unordered_map<TensorId, Expr> moved;
  System result(system.context());
  const std::unordered_set<TensorId> circles = in_circles(system);
  for (const Definition& d : system.definitions()) {  // each after what it reads
    const Define* define = d.define();
    if (!define) {
      result.add(d);
      continue;
    }
    Expr value = define->value;
    if (!moved.empty() && has_guards(value))
      value = rewrite(value, [&](Expr e) {
        if (e->kind != ExprKind::access) return e;
        auto found = moved.find(e->tensor);
        return found == moved.end() ? e : instantiate(found->second, e->arguments());
      });
    const std::vector<Expr> nodes = reachable_nodes(value);
    const bool loops = std::ranges::any_of(nodes, [](Expr e) { return e->kind == ExprKind::reduce; });
    if (!circles.contains(d.tensor) && !loops && nodes.size() <= largest && reads_by_data(value))
      moved.emplace(d.tensor, value);
    Definition changed = d;
    changed.rule = Define{value};
    result.add(std::move(changed));
  }
  result.set_outputs(system.outputs());
  return moved.empty() ? system : reachable(result);
}

}  // namespace gradc::kernel
