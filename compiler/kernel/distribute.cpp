// Sums over several indices in the order that costs least: Σ_i Σ_r a_ir·b_r = Σ_r b_r·(Σ_i a_ir), where the
// inner sum becomes a tensor of its own. Chi-Chung, Sadayappan, Wenger, On optimizing a class of
// multi-dimensional loops with reductions for parallel execution, 1997; one index at a time, as long as much
// is saved. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/equations/walk.h"
#include "compiler/kernel/fits.h"
#include "compiler/kernel/items.h"
#include "compiler/operators/affine.h"
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

// A sum that a guard shifts, as the gradient of a convolution by what it slides over:
//   d[f, i] = sum(g, a if 0 <= i - a and i - a < C) s[g, i - a]*w[g, f, a]
//           = sum(a if 0 <= i - a and i - a < C) t[f, a, i - a],  t[f, a, u] = sum(g) s[g, u]*w[g, f, a]
// The inner sum, over what the guard does not ask about, is a product of matrices without any shift; what is
// left is of as many terms as there are shifts (Chellapilla, Puri, Simard, High performance convolutional
// neural networks for document processing, 2006, §3, read from the gradient's side).
void ItemMaker::sum_before_shift(OpenedReduction& o, const std::vector<Index>& scope) {
  if (!products_ || o.op != &reduce_sum || o.guard->is_constant(1)) return;
  std::vector<Binder> first, rest;
  for (const Binder& b : o.binders)
    (o.guard->depends_on(b.index) || !covers_dim(b) ? rest : first).push_back(b);
  if (first.empty() || rest.empty()) return;
  std::vector<Expr> inside, outside;
  for (Expr e : factors(o.body))
    (std::ranges::any_of(first, [&](const Binder& b) { return e->depends_on(b.index); }) ? inside : outside)
        .push_back(e);
  // Subscripts that are more than an index become indices of their own.
  std::vector<std::pair<Expr, Index>> shifted;
  bool plain = true;
  const auto unshifted = [&](Expr e) {
    if (e->kind == ExprKind::reduce) plain = false;
    if (e->kind != ExprKind::access) return e;
    std::vector<Expr> subscripts;
    for (std::size_t k = 0; k < e->arguments().size(); ++k) {
      Expr s = e->arguments()[k];
      const DimId dim = c_.tensor(e->tensor).dims[k];
      if (s->kind != ExprKind::position || s->index.dim != dim) {
        const bool of_first =
            std::ranges::any_of(first, [&](const Binder& b) { return s->depends_on(b.index); });
        auto known = std::ranges::find(shifted, s, &std::pair<Expr, Index>::first);
        if (known == shifted.end()) known = shifted.insert(known, {s, c_.fresh_index(dim)});
        plain = plain && !of_first && affine_form(s) && known->second.dim == dim;
        s = c_.position(known->second);
      }
      subscripts.push_back(s);
    }
    return c_.access(e->tensor, subscripts);
  };
  for (Expr& e : inside) e = rewrite(e, unshifted);
  if (!plain) return;
  if (shifted.empty()) return;
  const Expr body = product(inside);
  std::vector<Index> axes, around, all = scope;
  for (Index i : scope)
    if (body->depends_on(i)) axes.push_back(i);
  for (const Binder& b : rest) {
    if (body->depends_on(b.index)) {
      if (!covers_dim(b)) return;
      axes.push_back(b.index);
    }
    all.push_back(b.index);
  }
  around = all;
  for (const auto& [_, index] : shifted) axes.push_back(index);
  std::vector<Index> of_product = axes;
  for (const Binder& b : first) {
    of_product.push_back(b.index);
    all.push_back(b.index);
  }
  for (Index i : all)
    if (!i.dim.valid()) return;
  if (extents_.estimate(of_product) + extents_.estimate(around) > extents_.estimate(all)) return;
  const Expr sum = close(c_, {o.op, first, c_.boolean(true), body});
  std::vector<Index> slots;
  for (Index i : axes) slots.push_back(Index::slot(static_cast<std::int32_t>(slots.size()), i.dim));
  if (!contraction(open(with_slots(sum, axes)), slots)) return;
  IndexMap back;
  for (const auto& [subscript, index] : shifted) back.emplace_back(index, subscript);
  outside.insert(outside.begin(), substitute(name(sum, axes), back));
  o = {o.op, rest, o.guard, product(outside)};
}

void ItemMaker::distribute(OpenedReduction& o, const std::vector<Index>& scope) {
  sum_before_shift(o, scope);
  if (o.op != &reduce_sum || !o.guard->is_constant(1)) return;
  if (!std::ranges::all_of(o.binders, covers_dim)) return;
  for (std::size_t k = 0; o.binders.size() > 1 && k < o.binders.size();)
    k = sum_first(o, k, scope) ? 0 : k + 1;
}

}  // namespace gradc::kernel
