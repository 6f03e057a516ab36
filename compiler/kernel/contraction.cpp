// Sums of products as products of matrices, in tiles, where they are large enough.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <numeric>

#include "compiler/kernel/fits.h"
#include "compiler/kernel/items.h"
#include "compiler/kernel/lanes.h"
#include "compiler/operators/build.h"

namespace gradc::kernel {

namespace {

// Multiplications below which a loop of our own is as good.
constexpr double smallest_product = 16384;

bool contains(std::span<const Index> indices, Index i) {
  return std::ranges::find(indices, i) != indices.end();
}

// The subscripts as indices, each once; empty if they are something else.
std::vector<Index> plain_subscripts(Expr access) {
  std::vector<Index> indices;
  for (Expr s : access->arguments()) {
    if (s->kind != ExprKind::position || contains(indices, s->index)) return {};
    if (s->index.dim != access->context->tensor(access->tensor).dims[indices.size()]) return {};
    indices.push_back(s->index);
  }
  return indices;
}

// The group's indices stand side by side, in this order.
bool adjacent(std::span<const Index> group, std::span<const Index> in) {
  const auto found = std::ranges::search(in, group);
  return group.empty() || !found.empty();
}

}  // namespace

std::vector<Expr> factors(Expr product) {
  std::vector<Expr> parts, pending{product};
  while (!pending.empty()) {
    const Expr e = pending.back();
    pending.pop_back();
    if (e->is(op_mul)) {
      pending.push_back(e->operands[1]);
      pending.push_back(e->operands[0]);
    } else {
      parts.push_back(e);
    }
  }
  return parts;
}

std::optional<ItemMaker::Sides> ItemMaker::contraction(const OpenedReduction& o,
                                                       std::span<const Index> slots) {
  if (!products_ || o.op != &reduce_sum || !o.guard->is_constant(1)) return std::nullopt;
  Sides sides;
  for (const Binder& b : o.binders) {
    if (!covers_dim(b)) return std::nullopt;
    sides.inner.push_back(b.index);
  }
  // Positions of a range that has no name are no axis.
  if (std::ranges::any_of(slots, [](Index i) { return !i.dim.valid(); })) return std::nullopt;
  std::vector<Index> all(slots.begin(), slots.end());
  all.insert(all.end(), sides.inner.begin(), sides.inner.end());
  if (extents_.estimate(all) < smallest_product) return std::nullopt;
  const std::vector<Expr> parts = factors(o.body);
  for (Index s : slots)
    if (c_.dim(s.dim).of_segments || std::ranges::all_of(parts, [&](Expr e) {
          return e->depends_on(s) || std::ranges::none_of(slots, [&](Index i) { return e->depends_on(i); });
        }))
      sides.common.push_back(s);
  // Slots that meet in a factor are on one side: the last slot's side are the columns.
  std::vector<Index> own;
  for (Index s : slots)
    if (!contains(sides.common, s)) own.push_back(s);
  if (own.empty()) return std::nullopt;
  std::vector<Index> columns{own.back()};
  for (bool grown = true; grown;) {
    grown = false;
    for (Expr e : parts)
      if (std::ranges::any_of(columns, [&](Index i) { return e->depends_on(i); }))
        for (Index s : own)
          if (e->depends_on(s) && !contains(columns, s)) columns.push_back(s), grown = true;
  }
  for (Index s : own) sides.slots[contains(columns, s) ? 1 : 0].push_back(s);
  if (sides.slots[0].empty()) return std::nullopt;
  std::vector<Expr> constants;
  for (Expr e : parts) {
    if (e->is_constant()) {
      constants.push_back(e);
      continue;
    }
    sides.factors[std::ranges::any_of(columns, [&](Index i) { return e->depends_on(i); }) ? 1 : 0].push_back(
        e);
  }
  for (const auto& factors_of : sides.factors)
    for (Index i : sides.inner)
      if (std::ranges::none_of(factors_of, [&](Expr e) { return e->depends_on(i); })) return std::nullopt;
  // A matrix times few columns is bound by memory, and a loop of ours fuses.
  if (extents_.estimate(sides.slots[0]) < 4 || extents_.estimate(sides.slots[1]) < 4 ||
      extents_.estimate(sides.inner) < 4)
    return std::nullopt;
  auto& scaled = sides.factors[cost_of_operand(sides, 1) < cost_of_operand(sides, 0) ? 1 : 0];
  scaled.insert(scaled.begin(), constants.begin(), constants.end());
  return sides;
}

// The side as an access: the tensor itself, or the product of its factors as a new one.
Expr ItemMaker::operand(const Sides& sides, int side) {
  const std::vector<Expr>& parts = sides.factors[side];
  if (parts.size() == 1 && parts[0]->kind == ExprKind::access) {
    const std::vector<Index> at = plain_subscripts(parts[0]);
    if (!at.empty() && adjacent(sides.inner, at) && !contains(sides.common, at.back())) return parts[0];
  }
  std::vector<Index> axes;
  for (Index i : sides.common)
    if (std::ranges::any_of(parts, [&](Expr e) { return e->depends_on(i); })) axes.push_back(i);
  Expr product = parts[0];
  for (std::size_t k = 1; k < parts.size(); ++k) product = product * parts[k];
  // Rows × inner, inner × columns: no transposition; but if its parts lie the other way, so does it.
  const std::vector<Index>*outer = &sides.slots[0], *last = &sides.inner;
  if (side == 1) outer = &sides.inner, last = &sides.slots[1];
  if (strided_accesses(product, outer->back()) < strided_accesses(product, last->back()))
    std::swap(outer, last);
  for (const auto* group : {outer, last}) axes.insert(axes.end(), group->begin(), group->end());
  return name(product, axes, [&](Expr access) {
    const std::vector<Index> at = plain_subscripts(access);
    return adjacent(sides.inner, at) && (at.back() == outer->back() || at.back() == last->back());
  });
}

bool ItemMaker::add_product(TensorId tensor, Expr value) {
  const Tensor& t = c_.tensor(tensor);
  if (t.rank() < 2) return false;
  const OpenedReduction o = open(value);
  std::vector<Index> slots;
  for (DimId dim : t.dims) slots.push_back(Index::slot(static_cast<std::int32_t>(slots.size()), dim));
  std::optional<Sides> sides = contraction(o, slots);
  if (!sides || contains(sides->common, slots.back())) return false;
  const Expr a = operand(*sides, 0), b = operand(*sides, 1);
  const std::vector<Index> at_a = plain_subscripts(a), at_b = plain_subscripts(b);
  Item item{.tensor = tensor, .kind = Item::Kind::product};
  Contraction& p = item.product;
  p.a = a, p.b = b, p.inner = sides->inner;
  // The last indices of each side form the matrices; those that do not lie beside them are loops.
  const auto group = [&](const std::vector<Index>& side, std::span<const Index> in) {
    std::vector<Index> last{side.back()};
    for (std::size_t k = side.size() - 1; k-- > 0;) {
      std::vector<Index> longer{side[k]};
      longer.insert(longer.end(), last.begin(), last.end());
      if (!adjacent(longer, in) || !adjacent(longer, slots)) break;
      last = std::move(longer);
    }
    return last;
  };
  p.rows = group(sides->slots[0], at_a);
  p.columns = group(sides->slots[1], at_b);
  for (Index s : slots)
    if (!contains(p.rows, s) && !contains(p.columns, s)) item.axes.push_back({s});
  const auto ends_with = [](std::span<const Index> in, std::span<const Index> x, std::span<const Index> y) {
    return in.back() == x.back() || in.back() == y.back();
  };
  if (!ends_with(at_a, p.rows, p.inner) || !ends_with(at_b, p.inner, p.columns)) return false;
  items_.push_back(std::move(item));
  return true;
}

}  // namespace gradc::kernel
