// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/simplify/stabilise.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "compiler/equations/walk.h"
#include "compiler/simplify/definitions.h"
#include "compiler/simplify/rewriter.h"
#include "compiler/support/check.h"

namespace gradc {
namespace {

// What stands behind the names: values that are already stable where a definition comes earlier.
struct Behind {
  std::unordered_map<TensorId, Expr> values;
  std::unordered_set<TensorId> circles;
  struct Seen {
    Expr value;  // of the whole definition, when it was looked at
    Expr formula;
  };
  mutable std::unordered_map<Expr, Seen> seen;

  static Expr see(const void* state, Expr access) {
    const Behind& self = *static_cast<const Behind*>(state);
    const auto found = self.values.find(access->tensor);
    if (found == self.values.end() || self.circles.contains(access->tensor)) return Expr();
    Seen& entry = self.seen[access];
    if (entry.value != found->second)
      entry = {found->second, instantiate(found->second, access->arguments())};
    return entry.formula;
  }
};

}  // namespace

System stabilise(const System& system, std::vector<SystemStep>* steps) {
  const std::string outer = set_current_pass("stabilised");
  Context& c = system.context();
  Behind behind;
  std::vector<Definition> result(system.definitions().begin(), system.definitions().end());
  const auto groups = strongly_connected(system);
  for (const auto& group : groups)
    for (std::size_t i : group) {
      const Definition& d = result[i];
      if (d.define()) behind.values[d.tensor] = d.define()->value;
    }
  behind.circles = in_circles(system);
  bool changed = false;
  for (const auto& group : groups)
    for (std::size_t i : group) {
      std::vector<Step> taken;
      Rewriter rewriter(c, Reader::machine, &Behind::see, &behind);
      if (steps) rewriter.record(&taken);
      Definition now = mapped(result[i], [&](Expr e) { return rewriter(e); });
      changed = changed || expressions(now) != expressions(result[i]);
      result[i] = std::move(now);
      if (result[i].define()) behind.values[result[i].tensor] = result[i].define()->value;
      if (steps)
        for (const Step& step : taken)
          steps->push_back({result[i].tensor, step.rule, step.before, step.after});
    }
  set_current_pass(outer);
  if (!changed) return system;
  System stable(c);
  for (Definition& d : result) stable.add(std::move(d));
  stable.set_outputs(system.outputs());
  return reachable(stable);
}

}  // namespace gradc
