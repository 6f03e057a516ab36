// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/unroll.h"

#include <algorithm>
#include <set>

#include "compiler/equations/walk.h"
#include "compiler/kernel/fits.h"
#include "compiler/kernel/items.h"
#include "compiler/operators/build.h"

namespace gradc::kernel {

namespace {

constexpr std::int64_t shortest_loop = 5;    // of less positions there is none
constexpr std::int64_t most_positions = 32;  // of all axes of an item, or all indices of a sum
constexpr std::int64_t most_cases = 16;      // of an axis whose positions differ in what they are
constexpr std::int64_t cases_per_position = 2;
constexpr std::size_t terms_at_most = 4;
constexpr std::size_t largest_body = 4000;  // machine operations

// Some choice asks for the index, and its position decides it: no data do.
bool is_chosen_by(Expr value, Index index) {
  return std::ranges::any_of(nodes_outside_reductions(value), [&](Expr e) {
    if (e->kind != ExprKind::choose || !e->condition()->depends_on(index)) return false;
    const std::vector<Expr> asked = reachable_nodes(e->condition());
    return std::ranges::none_of(asked, [](Expr n) { return n->kind == ExprKind::access; });
  });
}

}  // namespace

bool is_written_out(Extents& extents, const OpenedReduction& o) {
  if (o.op != &reduce_sum) return false;
  std::int64_t terms = 1;
  for (const Binder& b : o.binders) {
    if (!covers_dim(b)) return false;
    const std::optional<std::int64_t> length = extents.known(b.index.dim);
    if (!length || *length >= shortest_loop) return false;
    terms *= *length;
  }
  return terms <= most_positions && !has_reductions(o.body);
}

std::size_t short_axes(Extents& extents, const Item& item, int width, Weight& weight) {
  if (item.kind != Item::Kind::assign) return 0;
  std::size_t count = 0;
  std::int64_t positions = 1;
  for (; count + 1 < item.axes.size(); ++count) {
    const Index index = item.axes[item.axes.size() - 1 - count].index;
    const std::optional<std::int64_t> length = extents.known(index.dim);
    if (!length || *length > most_cases || positions * *length > most_positions) break;
    if (*length >= shortest_loop && !is_chosen_by(item.value, index)) break;
    positions *= *length;
  }
  if (count == 0) return 0;
  const std::optional<std::int64_t> around = extents.known(item.axes[item.axes.size() - 1 - count].index.dim);
  if (around && *around < width) return 0;
  return written_cost(extents, item, count, weight) <= largest_body ? count : 0;
}

// What does not depend on an index is there once. Of the cases of a long axis each takes few.
std::size_t written_cost(Extents& extents, const Item& item, std::size_t unrolled, Weight& weight) {
  const auto times = [&](Expr e) {
    std::size_t product = 1;
    for (std::size_t k = item.axes.size() - unrolled; k < item.axes.size(); ++k) {
      if (!e->depends_on(item.axes[k].index)) continue;
      const std::int64_t length = *extents.known(item.axes[k].index.dim);
      product *= static_cast<std::size_t>(length < shortest_loop ? length : cases_per_position);
    }
    return product;
  };
  std::size_t cost = 0;
  for (Expr root : roots_of(item))
    for (Expr e : nodes_outside_reductions(root)) {
      std::size_t here = weight(e);
      if (e->kind == ExprKind::reduce) {
        for (Expr inside : reachable_nodes(e->operands)) here += weight(inside);
        if (unrolled > 0 && is_written_out(extents, open(e))) here *= terms_at_most;
      }
      cost += here * times(e);
    }
  return cost;
}

std::unordered_set<TensorId> read_anywhere(Extents& extents, const Item& item,
                                           const std::function<std::size_t(TensorId)>& first_axis) {
  std::unordered_set<TensorId> found;
  std::set<Index> written_out;
  for (std::size_t k = item.axes.size() - item.unrolled; k < item.axes.size(); ++k)
    written_out.insert(item.axes[k].index);
  std::vector<Expr> pending = roots_of(item);
  std::unordered_set<Expr> seen;
  while (!pending.empty()) {
    const Expr e = pending.back();
    pending.pop_back();
    if (!seen.insert(e).second) continue;
    if (e->kind == ExprKind::access) {
      for (std::size_t axis = first_axis(e->tensor); axis < e->arguments().size(); ++axis)
        for (Expr n : reachable_nodes(e->arguments()[axis]))
          if (n->kind == ExprKind::access || n->kind == ExprKind::reduce ||
              (n->kind == ExprKind::position && !written_out.contains(n->index)))
            found.insert(e->tensor);
    }
    if (e->kind == ExprKind::reduce) {
      const OpenedReduction o = open(e);
      if (is_written_out(extents, o))
        for (const Binder& b : o.binders) written_out.insert(b.index);
      for (const Binder& b : o.binders) pending.insert(pending.end(), {b.lower, b.upper});
      pending.insert(pending.end(), {o.guard, o.body});
    } else {
      pending.insert(pending.end(), e->operands.begin(), e->operands.end());
    }
  }
  return found;
}

}  // namespace gradc::kernel
