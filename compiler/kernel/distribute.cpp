// Sums over several indices in the order that costs least: Σ_i Σ_r a_ir·b_r = Σ_r b_r·(Σ_i a_ir), where the
// inner sum becomes a tensor of its own. Chi-Chung, Sadayappan, Wenger, On optimizing a class of
// multi-dimensional loops with reductions for parallel execution, 1997; one index at a time, as long as much
// is saved. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/kernel/fits.h"
#include "compiler/kernel/items.h"
#include "compiler/operators/build.h"

namespace gradc::kernel {

namespace {

// How much less there must be to do: a tensor in memory costs something too.
constexpr double least_gain = 4;

Expr product(std::span<const Expr> parts) {
  Expr made = parts[0];
  for (Expr e : parts.subspan(1)) made = made * e;
  return made;
}

}  // namespace

// `scope`: the indices around the sum.
bool ItemMaker::sum_first(OpenedReduction& o, std::size_t k, const std::vector<Index>& scope) {
  const Index i = o.binders[k].index;
  std::vector<Expr> inside, outside;
  for (Expr e : factors(o.body)) (e->depends_on(i) ? inside : outside).push_back(e);
  if (inside.empty() || outside.empty()) return false;
  std::vector<Index> around = scope, all, axes;
  for (const Binder& b : o.binders) around.push_back(b.index);
  for (Index index : around) {
    const auto depends = [&](Expr e) { return e->depends_on(index); };
    const bool in = std::ranges::any_of(inside, depends), out = std::ranges::any_of(outside, depends);
    if (!in && !out) continue;
    if (!index.dim.valid()) return false;
    all.push_back(index);
    if (in && index != i) axes.push_back(index);
  }
  std::vector<Index> first = axes, second;
  first.push_back(i);
  std::ranges::copy_if(all, std::back_inserter(second), [&](Index index) { return index != i; });
  if (least_gain * (extents_.estimate(first) + extents_.estimate(second)) > extents_.estimate(all))
    return false;
  const Expr sum = close(c_, {o.op, {o.binders[k]}, o.guard, product(inside)});
  o.body = name(sum, axes) * product(outside);
  o.binders.erase(o.binders.begin() + static_cast<std::ptrdiff_t>(k));
  return true;
}

void ItemMaker::distribute(OpenedReduction& o, const std::vector<Index>& scope) {
  if (o.op != &reduce_sum || !o.guard->is_constant(1)) return;
  if (!std::ranges::all_of(o.binders, covers_dim)) return;
  for (std::size_t k = 0; o.binders.size() > 1 && k < o.binders.size();)
    k = sum_first(o, k, scope) ? 0 : k + 1;
}

}  // namespace gradc::kernel
