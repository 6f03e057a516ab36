// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/simplify/written_out.h"

#include <algorithm>
#include <unordered_map>

#include "compiler/equations/definition.h"
#include "compiler/equations/walk.h"

namespace gradc {

System written_out(const System& system) {
  std::unordered_map<TensorId, Expr> values;
  RewriteMemo memo;
  const auto put_in = [&](Expr e) {
    if (e->kind != ExprKind::access) return e;
    const auto found = values.find(e->tensor);
    return found == values.end() ? e : instantiate(found->second, e->arguments());
  };
  System result(system.context());
  const System ordered = reachable(system);
  const std::unordered_set<TensorId> circles = in_circles(ordered);
  for (const auto& group : strongly_connected(ordered))
    for (std::size_t i : group) {
      const Definition& d = ordered.definitions()[i];
      Definition whole = mapped(d, [&](Expr e) { return rewrite(e, put_in, memo); });
      if (whole.define() && !circles.contains(d.tensor)) values.emplace(d.tensor, whole.define()->value);
      result.add(std::move(whole));
    }
  result.set_outputs(system.outputs());
  return reachable(result);
}

}  // namespace gradc
