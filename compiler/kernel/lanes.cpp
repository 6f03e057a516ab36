// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/lanes.h"

#include <algorithm>

#include "compiler/equations/walk.h"
#include "compiler/kernel/items.h"
#include "compiler/kernel/unroll.h"
#include "compiler/operators/affine.h"

namespace gradc::kernel {

namespace {

// Terms of a sum that are read from places apart without much harm.
constexpr std::int64_t longest_gathered = 8;

enum class Along { not_at_all, side_by_side, apart };

Along along(Expr access, Index index) {
  Along result = Along::not_at_all;
  const auto subscripts = access->arguments();
  for (std::size_t k = 0; k < subscripts.size(); ++k) {
    if (!subscripts[k]->depends_on(index)) continue;
    const std::optional<Affine> form = affine_form(subscripts[k]);
    if (k + 1 < subscripts.size() || !form || form->coefficient(index) != 1) return Along::apart;
    result = Along::side_by_side;
  }
  return result;
}

}  // namespace

int strided_accesses(Expr root, Index index) {
  int count = 0;
  for (Expr e : reachable_nodes(root))
    if (e->kind == ExprKind::access && along(e, index) == Along::apart) ++count;
  return count;
}

Innermost innermost(Extents& extents, const Item& item, int width) {
  const Index index = item.axes[item.axes.size() - 1 - item.unrolled].index;
  const std::vector<Expr> nodes = reachable_nodes(item.value);
  std::vector<Expr> reductions;
  bool same_ranges = true;  // in all lanes
  for (Expr e : nodes) {
    if (e->kind != ExprKind::reduce) continue;
    for (std::size_t k = 0; k < e->binders.size(); ++k)
      same_ranges = same_ranges && !e->lower(k)->depends_on(index) && !e->upper(k)->depends_on(index);
  }
  for (Expr e : nodes_outside_reductions(item.value))
    if (e->kind == ExprKind::reduce) reductions.push_back(e);
  const Innermost otherwise = reductions.empty() ? Innermost::serial : Innermost::inside;
  if (!same_ranges) return otherwise;
  if (item.kind == Item::Kind::accumulate && !item.in_register()) {
    // Lanes must not meet in one element.
    const bool apart = std::ranges::any_of(
        item.place, [&](Expr p) { return p->kind == ExprKind::position && p->index == index; });
    if (!apart) return otherwise;
  }
  const std::optional<std::int64_t> length = extents.known(index.dim);
  // Of three elements most lanes would be idle, and what is stored by lanes and read one by one waits for the
  // store (vectors are not forwarded in parts).
  if (length && *length <= 4 && item.axes.size() > 1) return otherwise;
  for (Expr e : reductions) {
    const OpenedReduction o = open(e);
    if (is_written_out(extents, o)) continue;
    const Index inner = o.binders.back().index;
    if (!inner.dim.valid() || strided_accesses(o.body, inner) > 0) continue;
    const std::optional<std::int64_t> inner_length = extents.known(inner.dim);
    if (inner_length && *inner_length < 8) continue;
    if (strided_accesses(item.value, index) > 0) return Innermost::inside;
    if (length && *length * 2 <= width && (!inner_length || *inner_length > *length))
      return Innermost::inside;
  }
  return Innermost::lanes;
}

bool adds_rows(Extents& extents, const OpenedReduction& sum, std::span<const Index> of) {
  if (sum.binders.size() != 1 || of.empty()) return false;
  const Index row = sum.binders[0].index, element = of.back();
  // Fewer rows are soon read one by one; elements fill lanes, and enough of them to be worth a loop.
  constexpr std::int64_t fewest_rows = 8, fewest_elements = 64;
  const auto at_least = [&](Index i, std::int64_t fewest) {
    return i.dim.valid() && extents.known(i.dim).value_or(fewest) >= fewest;
  };
  if (!at_least(row, fewest_rows) || !at_least(element, fewest_elements)) return false;
  if (has_reductions(sum.body)) return false;
  return strided_accesses(sum.body, row) > 0 && strided_accesses(sum.body, element) == 0;
}

bool wants_own_loop(Extents& extents, const Item& item) {
  if (item.unrolled > 0) return true;
  for (Expr e : nodes_outside_reductions(item.value)) {
    if (e->kind != ExprKind::reduce) continue;
    const OpenedReduction o = open(e);
    const Index inner = o.binders.back().index;
    if (!inner.dim.valid() || strided_accesses(o.body, inner) == 0) continue;
    if (extents.known(inner.dim).value_or(longest_gathered + 1) > longest_gathered) return true;
  }
  return false;
}

}  // namespace gradc::kernel
