// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/without_auxiliaries.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "compiler/equations/definition.h"
#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"

namespace gradc {
namespace {

bool is_auxiliary(const Context& c, TensorId t) {
  for (; t.valid(); t = c.tensor(t).of)
    if (c.tensor(t).auxiliary || (c.tensor(t).wrt.valid() && c.tensor(c.tensor(t).wrt).auxiliary))
      return true;
  return false;
}

// Of all elements by all elements; the derivatives of elements by elements have no name as a whole.
bool is_whole(const Context& c, const Tensor& derivative) {
  return derivative.of.valid() && derivative.wrt.valid() &&
         derivative.rank() == c.tensor(derivative.of).rank() + c.tensor(derivative.wrt).rank();
}

// How many different elements the definitions read of each tensor.
std::unordered_map<TensorId, int> count_reads(const System& system) {
  std::unordered_map<TensorId, int> counts;
  for (const Definition& d : system.definitions())
    for (Expr e : reachable_nodes(expressions(d)))
      if (e->kind == ExprKind::access) ++counts[e->tensor];
  return counts;
}

// [i == j]·a, where i and j are axes of the same dim: read at i, i it is a.
Expr at_diagonal(const Definition& d, Expr access) {
  const Expr value = d.define()->value;
  if (value->kind != ExprKind::choose || !value->on_false()->is_constant(0)) return Expr();
  for (Expr part : conjuncts(instantiate(value->condition(), access->arguments())))
    if (!part->is(op_equal) || part->operands[0] != part->operands[1]) return Expr();
  return instantiate(value->on_true(), access->arguments());
}

}  // namespace

System without_auxiliaries(const System& system) {
  const Context& c = system.context();
  const System ordered = reachable(system);  // what is read comes first
  const std::unordered_map<TensorId, int> counts = count_reads(ordered);
  std::unordered_set<TensorId> called;
  for (const Definition& d : ordered.definitions())
    if (const Call* call = std::get_if<Call>(&d.rule))
      called.insert(call->arguments.begin(), call->arguments.end());
  std::unordered_map<TensorId, Definition> inside, diagonal;
  RewriteMemo memo;
  const auto put_in = [&](Expr e) {
    if (e->kind != ExprKind::access) return e;
    if (const auto d = diagonal.find(e->tensor); d != diagonal.end())
      if (const Expr element = at_diagonal(d->second, e)) return element;
    const auto found = inside.find(e->tensor);
    return found == inside.end() ? e : instantiate(found->second.define()->value, e->arguments());
  };
  System result(system.context());
  result.set_outputs(system.outputs());
  for (const Definition& d : ordered.definitions()) {
    Definition whole = mapped(d, [&](Expr e) { return rewrite(e, put_in, memo); });
    const bool wanted = std::ranges::find(system.outputs(), d.tensor) != system.outputs().end();
    const Role role = c.tensor(d.tensor).role;
    const bool nameless =
        role == Role::tangent || (role == Role::adjoint && !is_whole(c, c.tensor(d.tensor)));
    const bool once = nameless && counts.contains(d.tensor) && counts.at(d.tensor) == 1;
    if (whole.define() && !wanted && (once || is_auxiliary(c, d.tensor))) {
      inside.emplace(d.tensor, whole);
      if (called.contains(d.tensor)) result.add(std::move(whole));  // calls take tensors
    } else {
      if (whole.define()) diagonal.emplace(d.tensor, whole);
      result.add(std::move(whole));
    }
  }
  return reachable(result);
}

}  // namespace gradc
