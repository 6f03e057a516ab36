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
  Context& c;
  std::unordered_map<TensorId, Expr> values;
  std::unordered_set<TensorId> circles;
  std::unordered_set<TensorId> elsewhere;  // read at other elements than the one at hand
  struct Seen {
    Expr value;  // of the whole definition, when it was looked at
    Expr formula;
  };
  mutable std::unordered_map<Expr, Seen> seen;
  // Their reductions, which got names.
  mutable std::vector<Definition> parts;
  mutable std::unordered_map<TensorId, Expr> with_parts;

  static Expr see(const void* state, Expr access) {
    const Behind& self = *static_cast<const Behind*>(state);
    const auto found = self.values.find(access->tensor);
    if (found == self.values.end() || self.circles.contains(access->tensor)) return Expr();
    Seen& entry = self.seen[access];
    if (entry.value != found->second) {
      const bool elsewhere = self.elsewhere.contains(access->tensor);
      const Expr value = elsewhere ? self.named(access->tensor, found->second) : found->second;
      entry = {found->second, instantiate(value, access->arguments())};
    }
    return entry.formula;
  }

  // z[g, i - r] = tanh(sum(f) …): the sum is one of all elements, and not one for each i and r.
  Expr named(TensorId tensor, Expr value) const {
    if (value->kind == ExprKind::reduce) return value;
    const auto [known, is_new] = with_parts.try_emplace(tensor, value);
    if (!is_new) return known->second;
    known->second = rewrite(value, [&](Expr e) {
      if (e->kind != ExprKind::reduce || e->type != Type::real) return e;
      if (!std::ranges::all_of(e->free, [](Index i) { return i.kind == Index::Kind::slot; })) return e;
      Tensor t{.name = c.unused_name(c.tensor(tensor).name + "_sum"), .auxiliary = true};
      IndexMap slots;
      std::vector<Expr> at;
      for (Index i : e->free) {
        slots.emplace_back(i, c.position(Index::slot(static_cast<std::int32_t>(t.dims.size()), i.dim)));
        at.push_back(c.position(i));
        t.dims.push_back(i.dim);
      }
      const TensorId part = c.add_tensor(std::move(t));
      parts.push_back({part, Define{substitute(e, slots)}, {{}, "stabilised"}, {}});
      return c.access(part, at);
    });
    return known->second;
  }
};

}  // namespace

System stabilise(const System& system, std::vector<SystemStep>* steps) {
  const std::string outer = set_current_pass("stabilised");
  Context& c = system.context();
  Behind behind{.c = c};
  std::vector<Definition> result(system.definitions().begin(), system.definitions().end());
  const auto groups = strongly_connected(system);
  for (const auto& group : groups)
    for (std::size_t i : group) {
      const Definition& d = result[i];
      if (d.define()) behind.values[d.tensor] = d.define()->value;
    }
  behind.circles = in_circles(system);
  for (const Definition& d : result)
    for (Expr root : expressions(d))
      for (Expr e : reachable_nodes(root))
        if (e->kind == ExprKind::access && std::ranges::any_of(e->arguments(), [](Expr s) {
              return s->kind == ExprKind::apply && !s->free.empty();
            }))
          behind.elsewhere.insert(e->tensor);
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
  for (Definition& part : behind.parts) stable.add(std::move(part));
  for (Definition& d : result) {
    if (const auto own = behind.with_parts.find(d.tensor); own != behind.with_parts.end())
      d.rule = Define{own->second};
    stable.add(std::move(d));
  }
  stable.set_outputs(system.outputs());
  return reachable(stable);
}

}  // namespace gradc
