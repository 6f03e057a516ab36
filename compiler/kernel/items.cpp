// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/items.h"

#include <algorithm>
#include <unordered_set>

#include "compiler/equations/walk.h"
#include "compiler/kernel/fits.h"
#include "compiler/kernel/guarded_reads.h"
#include "compiler/kernel/lanes.h"
#include "compiler/operators/build.h"
#include "compiler/support/check.h"

namespace gradc::kernel {

namespace {

// Machine operations in one piece of straight-line code.
constexpr std::size_t largest_expression = 1000;

// From the root on, operands from left to right: an order that does not depend on when nodes were made.
std::vector<Expr> reachable_in_order(Expr root) {
  std::vector<Expr> nodes, pending{root};
  std::unordered_set<Expr> seen;
  while (!pending.empty()) {
    const Expr e = pending.back();
    pending.pop_back();
    if (!seen.insert(e).second) continue;
    nodes.push_back(e);
    for (std::size_t k = e->operands.size(); k-- > 0;) pending.push_back(e->operands[k]);
  }
  return nodes;
}

// These indices in the order in which the expression first reads them; those that it does not, last.
std::vector<Index> in_appearance(Expr e, std::span<const Index> indices) {
  std::vector<Index> order;
  const auto add = [&](Index i) {
    if (std::ranges::find(order, i) == order.end()) order.push_back(i);
  };
  for (Expr node : reachable_in_order(e))
    if (node->kind == ExprKind::position && std::ranges::find(indices, node->index) != indices.end())
      add(node->index);
  for (Index i : indices) add(i);
  return order;
}

// A sum over one index, along which memory does not lie, of terms that are there where two real numbers are
// equal: of many, few.
bool is_sum_of_few(const OpenedReduction& o) {
  if (o.op != &reduce_sum || o.binders.size() != 1) return false;
  const Index index = o.binders[0].index;
  if (strided_accesses(o.guard, index) + strided_accesses(o.body, index) == 0) return false;
  return std::ranges::any_of(conjuncts(o.guard), [](Expr part) {
    return part->is(op_equal) && part->operands[0]->type == Type::real;
  });
}

// In the order of the scope, which is that of the loops.
std::vector<Index> in_order(std::span<const Index> free, const std::vector<Index>& scope) {
  std::vector<Index> result;
  for (Index i : scope)
    if (std::ranges::find(free, i) != free.end()) result.push_back(i);
  return result;
}

}  // namespace

Expr with_slots(Expr e, std::span<const Index> indices) {
  Context& c = *e->context;
  IndexMap map;
  for (std::size_t k = 0; k < indices.size(); ++k)
    map.emplace_back(indices[k], c.position(Index::slot(static_cast<std::int32_t>(k), indices[k].dim)));
  return substitute(e, map);
}

std::vector<Expr> nodes_outside_reductions(Expr root) {
  std::vector<Expr> nodes{root};
  std::unordered_set<Expr> seen{root};
  for (std::size_t k = 0; k < nodes.size(); ++k)
    if (nodes[k]->kind != ExprKind::reduce)
      for (Expr operand : nodes[k]->operands)
        if (seen.insert(operand).second) nodes.push_back(operand);
  std::sort(nodes.begin(), nodes.end());
  return nodes;
}

std::vector<Item> ItemMaker::run(const System& system) {
  count_reductions(system);
  std::unordered_map<TensorId, std::unordered_set<TensorId>> circles;
  for (const auto& group : strongly_connected(system)) {
    if (!is_circle(system, group)) continue;
    std::unordered_set<TensorId> tensors;
    for (std::size_t i : group) tensors.insert(system.definitions()[i].tensor);
    for (TensorId t : tensors) circles[t] = tensors;
  }
  for (const Definition& d : system.definitions()) {
    if (const Call* call = std::get_if<Call>(&d.rule)) {
      add_routine(*call);
      continue;
    }
    circle_ = circles[d.tensor];
    const Define* define = d.define();
    GRADC_CHECK(define, "lowering of " + c_.tensor(d.tensor).name + ": no equation of elements");
    const Tensor& t = c_.tensor(d.tensor);
    stem_ = t.name;
    segments_ = t.segments;
    std::vector<Index> slots;
    for (DimId dim : t.dims) slots.push_back(Index::slot(static_cast<std::int32_t>(slots.size()), dim));
    Expr value = place_scale(define->value, slots, true);
    if (value->kind == ExprKind::reduce) {
      // Its own operands only: the reduction itself is what the tensor is.
      OpenedReduction o = open(value);
      std::vector<Index> scope = slots;
      for (const Binder& b : o.binders) scope.push_back(b.index);
      const bool guarded = !o.guard->is_constant(1);
      o.guard = lift_reductions(o.guard, scope, guarded);
      o.body = lift_reductions(o.body, scope, guarded);
      if (o.op == &reduce_max || o.op == &reduce_min) o.body = compared(o.body, guarded);
      distribute(o, slots);
      value = close(c_, o);
    } else {
      value = split(lift_reductions(value, slots, false), slots);
    }
    add_item(d.tensor, value);
  }
  return std::move(items_);
}

void ItemMaker::count_reductions(const System& system) {
  for (const Definition& d : system.definitions())
    if (const Define* define = d.define())
      for (Expr e : nodes_outside_reductions(define->value))
        if (e->kind == ExprKind::reduce) ++occurrences_[with_slots(e, e->free)];
}

namespace {

// The nodes that are computed whichever sides of choices are taken.
std::unordered_set<Expr> outside_choices(Expr root) {
  std::unordered_set<Expr> result;
  std::vector<Expr> stack{root};
  while (!stack.empty()) {
    const Expr e = stack.back();
    stack.pop_back();
    if (!result.insert(e).second || e->kind == ExprKind::reduce) continue;
    if (e->kind == ExprKind::choose)
      stack.push_back(e->condition());
    else
      stack.insert(stack.end(), e->operands.begin(), e->operands.end());
  }
  return result;
}

}  // namespace

Expr ItemMaker::lift_reductions(Expr root, const std::vector<Index>& scope, bool guarded) {
  std::unordered_map<Expr, Expr> done;
  const std::vector<Expr> nodes = nodes_outside_reductions(root);
  const std::unordered_set<Expr> always = outside_choices(root);
  const bool guarded_here = guarded;
  for (Expr e : nodes) guarded = guarded || e->kind == ExprKind::choose;
  for (Expr e : nodes) {
    if (e->kind == ExprKind::reduce) {
      done.emplace(e, lift_reduction(e, scope, guarded_here || !always.contains(e)));
      continue;
    }
    std::vector<Expr> operands;
    for (Expr operand : e->operands)
      operands.push_back(e->is(op_equal) ? compared(done.at(operand), guarded) : done.at(operand));
    done.emplace(e, with_operands(e, operands));
  }
  return done.at(root);
}

// Whether a term is the greatest is asked of one number, not of two computations of it, which lanes and fma
// may round differently: what is compared for equality, and what a maximum is taken of, is computed once.
Expr ItemMaker::compared(Expr e, bool guarded) {
  if (e->type != Type::real || e->is_constant() || e->kind == ExprKind::access) return e;
  if (guarded && reads_by_data(e)) return e;
  const std::vector<Index> order = in_appearance(e, e->free);  // by the expression alone
  for (Index i : order)
    if (!i.dim.valid()) return e;
  return name(e, order);
}

Expr ItemMaker::lift_reduction(Expr reduction, const std::vector<Index>& scope, bool guarded) {
  const Expr scaled = place_scale(reduction, in_order(reduction->free, scope), false);
  if (scaled->kind != ExprKind::reduce) return lift_reductions(scaled, scope, guarded);
  const std::vector<Index> free = in_order(reduction->free, scope);
  const bool repeated = occurrences_[with_slots(reduction, reduction->free)] > 1;
  OpenedReduction o = open(reduction);
  std::vector<Index> inner = scope;
  for (const Binder& b : o.binders) inner.push_back(b.index);
  const bool inner_guarded = guarded || !o.guard->is_constant(1);
  o.guard = lift_reductions(o.guard, inner, inner_guarded);
  o.body = lift_reductions(o.body, inner, inner_guarded);
  if (o.op == &reduce_max || o.op == &reduce_min) o.body = compared(o.body, inner_guarded);
  if (!guarded) distribute(o, scope);
  const Expr closed = close(c_, o);
  // What earlier iterations make stays where it is read.
  if (reads_circle(closed)) return closed;
  // What data may carry out of range is read only where its guards hold.
  if (guarded && reads_by_data(closed)) return closed;
  for (Index i : free)
    if (!i.dim.valid()) return closed;
  if (!repeated && !worth_lifting(closed, free, scope)) return closed;
  return name(closed, product_order(closed, free));
}

// Products of matrices side by side: each matrix in one piece.
std::vector<Index> ItemMaker::product_order(Expr reduction, const std::vector<Index>& free) {
  std::vector<Index> slots, order, own;
  for (Index i : free) slots.push_back(Index::slot(static_cast<std::int32_t>(slots.size()), i.dim));
  const std::optional<Sides> sides = contraction(open(with_slots(reduction, free)), slots);
  if (!sides) return free;
  for (std::size_t k = 0; k < free.size(); ++k)
    (std::ranges::find(sides->common, slots[k]) != sides->common.end() ? order : own).push_back(free[k]);
  order.insert(order.end(), own.begin(), own.end());
  return order;
}

bool ItemMaker::reads_circle(Expr e) const {
  return !circle_.empty() && std::ranges::any_of(reachable_nodes(e), [&](Expr n) {
    return n->kind == ExprKind::access && circle_.contains(n->tensor);
  });
}

bool ItemMaker::worth_lifting(Expr reduction, std::span<const Index> free, const std::vector<Index>& scope) {
  if (free.size() < scope.size()) return true;  // the same for several elements
  const OpenedReduction o = open(with_slots(reduction, free));
  std::vector<Index> slots;
  for (Index i : free) slots.push_back(Index::slot(static_cast<std::int32_t>(slots.size()), i.dim));
  if (contraction(o, slots)) return true;
  if (o.op != &reduce_sum) return false;
  if (covers_dim(o.binders[0]) && c_.dim(o.binders[0].index.dim).is_batch) return true;
  if (is_sum_of_few(o) || adds_rows(extents_, o, slots)) return true;
  for (Expr part : conjuncts(o.guard))
    if (part->is(op_equal))
      for (Expr side : part->operands)
        if (side->kind == ExprKind::position && side->index.kind == Index::Kind::slot) return true;
  return false;
}

Expr ItemMaker::name(Expr value, std::span<const Index> axes, const Suits& suits) {
  // The same value in another order of axes has the same key.
  std::vector<Index> order = in_appearance(value, axes);
  const Expr key = with_slots(value, order);
  const auto element = [&](const Named& named) {
    std::vector<Expr> subscripts;
    for (std::size_t place : named.places) subscripts.push_back(c_.position(order[place]));
    return c_.access(named.tensor, subscripts);
  };
  // What belongs to a segment of time is made in the loop that reads it.
  const bool in_segment = std::ranges::any_of(axes, [&](Index i) { return c_.dim(i.dim).of_segments; });
  const Segments segments = in_segment ? segments_ : Segments::none;
  for (const Named& named : named_[key])
    if (c_.tensor(named.tensor).segments == segments)
      if (const Expr access = element(named); suits(access)) return access;
  Tensor t{.name = c_.unused_name(stem_ + "_part"), .type = value->type};
  t.segments = segments;
  Named made;
  for (Index i : axes) {
    t.dims.push_back(i.dim);
    made.places.push_back(static_cast<std::size_t>(std::ranges::find(order, i) - order.begin()));
  }
  made.tensor = c_.add_tensor(std::move(t));
  named_[key].push_back(made);
  add_item(made.tensor, with_slots(value, axes));  // which may name further tensors
  return element(made);
}

// Sums are taken in any order of axes: computing them again costs more than reading across.
Expr ItemMaker::name(Expr value, std::span<const Index> axes) {
  if (value->kind == ExprKind::reduce) return name(value, axes, [](Expr) { return true; });
  std::vector<Expr> subscripts;
  for (Index i : axes) subscripts.push_back(c_.position(i));
  return name(value, axes, [&](Expr access) { return std::ranges::equal(access->arguments(), subscripts); });
}

// Names parts of an expression that is too large for one piece of straight-line code.
Expr ItemMaker::split(Expr root, std::span<const Index> slots) {
  const std::vector<Expr> nodes = nodes_outside_reductions(root);
  std::size_t whole = 0;
  for (Expr e : nodes) {
    if (e->kind == ExprKind::choose || e->kind == ExprKind::reduce) return root;
    whole += weight_(e);
  }
  if (whole <= 2 * largest_expression) return root;
  std::unordered_map<Expr, std::pair<Expr, std::size_t>> done;
  for (Expr e : nodes) {
    std::vector<Expr> operands;
    std::size_t size = weight_(e);
    for (Expr operand : e->operands) {
      const auto& [part, cost] = done.at(operand);
      operands.push_back(part);
      size += cost;
    }
    Expr part = with_operands(e, operands);
    if (size > largest_expression && e->kind == ExprKind::apply && e->type == Type::real && e != root) {
      part = name(part, std::vector<Index>(slots.begin(), slots.end()));
      size = 1;
    }
    done.emplace(e, std::pair(part, size));
  }
  return done.at(root).first;
}

void ItemMaker::add_item(TensorId tensor, Expr value) {
  if (value->kind == ExprKind::reduce) {
    const bool special = reads_circle(value) ? add_scatter(tensor, value)
                                             : add_product(tensor, value) || add_scatter(tensor, value) ||
                                                   add_accumulation(tensor, value);
    if (special) return;
  }
  Item item{.tensor = tensor, .value = value};
  std::int32_t slot = 0;
  for (DimId dim : c_.tensor(tensor).dims) item.axes.push_back({Index::slot(slot++, dim)});
  items_.push_back(std::move(item));
}

void ItemMaker::add_routine(const Call& call) {
  Item item{.tensor = call.results[0], .kind = Item::Kind::routine};
  std::vector<Expr> slots;
  for (std::size_t k = 0; k < leading_axes(c_, call); ++k) {
    item.axes.push_back({Index::slot(static_cast<std::int32_t>(k), c_.tensor(item.tensor).dims[k])});
    slots.push_back(c_.position(item.axes.back().index));
  }
  item.routine = call.op;
  item.results = call.results;
  for (TensorId t : call.arguments) {
    std::vector<Expr> subscripts = slots;
    for (std::size_t k = slots.size(); k < c_.tensor(t).rank(); ++k)
      subscripts.push_back(c_.position(c_.fresh_index(c_.tensor(t).dims[k])));
    item.arguments.push_back(c_.access(t, subscripts));
  }
  items_.push_back(std::move(item));
}

// A sum whose loop stands outside, so that it shares that loop with what it sums: into one number, over a
// batch into few, or of terms that are few (those of the greatest, say), wherever they go.
bool ItemMaker::add_accumulation(TensorId tensor, Expr value) {
  OpenedReduction o = open(value);
  if (o.op != &reduce_sum || !covers_dim(o.binders[0])) return false;
  const Tensor& t = c_.tensor(tensor);
  std::vector<Index> slots;
  for (DimId dim : t.dims) slots.push_back(Index::slot(static_cast<std::int32_t>(slots.size()), dim));
  if (t.rank() > 0 && !is_sum_of_few(o) && !c_.dim(o.binders[0].index.dim).of_segments &&
      !adds_rows(extents_, o, slots)) {
    if (!c_.dim(o.binders[0].index.dim).is_batch) return false;
    for (DimId dim : t.dims)
      if (!extents_.known(dim)) return false;
    if (extents_.estimate(slots) > 16384) return false;
  }
  Item item{.tensor = tensor, .kind = Item::Kind::accumulate};
  item.axes.push_back({o.binders[0].index, true});
  for (Index slot : slots) {
    item.axes.push_back({slot});
    item.place.push_back(c_.position(slot));
  }
  if (o.binders.size() > 1) {
    const OpenedReduction rest{o.op, {o.binders.begin() + 1, o.binders.end()}, o.guard, o.body};
    item.value = close(c_, rest);
  } else {
    item.value = o.body;
    if (!o.guard->is_constant(1)) item.guard = o.guard;
  }
  items_.push_back(std::move(item));
  return true;
}

}  // namespace gradc::kernel
