// Jacobians as their entries. The structure is that of the subscripts: a contribution to x[s] from row r is
// an entry at column s for each value of the indices in s; the other indices are summed over. No colouring is
// needed (Curtis, Powell & Reid 1974 need it because a program does not show its structure).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/diff/element.h"
#include "compiler/diff/structural.h"
#include "compiler/equations/walk.h"

namespace gradc {
namespace {

bool is_of_integers(Expr condition) {
  return std::ranges::none_of(reachable_nodes(condition),
                              [](Expr e) { return e->kind == ExprKind::access && e->type == Type::real; });
}

class Entries {
 public:
  Entries(System& system, TensorId of, TensorId wrt)
      : system_(system), c_(system.context()), of_(of), wrt_(wrt) {}

  SparseEntries add(const Contribution& from) {
    std::vector<Binder> axes, summed;
    split(from, axes, summed);
    std::vector<Expr> guards = from.guards;
    dims_ = c_.tensor(of_).dims;
    IndexMap map;
    for (const Binder& b : axes) {
      const std::optional<Expr> index = on_axis(b, map, guards);
      if (!index) return add_whole(from);
      map.emplace_back(b.index, *index);
    }
    Expr inner, outer, pattern;
    for (Expr guard : guards) {
      const bool is_inner =
          std::ranges::any_of(summed, [&](const Binder& b) { return guard->depends_on(b.index); });
      Expr& where = is_inner ? inner : outer;
      where = both_of(where, guard);
      if (!is_inner && is_of_integers(guard)) pattern = both_of(pattern, guard);
    }
    Expr value = from.seed;
    if (!summed.empty()) value = sum(summed, inner ? inner : c_.boolean(true), value);
    if (outer) value = c_.choose(outer, value, c_.real(0));
    const auto moved = [&](Expr e) { return e ? substitute(e, map) : e; };
    return made(moved(flat(from.subscripts)), moved(pattern), moved(value));
  }

 private:
  // The binders that say which column it is, and those that run beside them.
  static void split(const Contribution& from, std::vector<Binder>& axes, std::vector<Binder>& summed) {
    std::vector<Expr> used = from.subscripts;
    for (bool grew = true; grew;) {
      grew = false;
      for (const Binder& b : from.binders) {
        if (std::ranges::find(axes, b.index, &Binder::index) != axes.end()) continue;
        if (std::ranges::none_of(used, [&](Expr e) { return e->depends_on(b.index); })) continue;
        axes.push_back(b);
        used.push_back(b.lower);
        used.push_back(b.upper);
        grew = true;
      }
    }
    for (const Binder& b : from.binders)
      if (std::ranges::find(axes, b.index, &Binder::index) == axes.end()) summed.push_back(b);
  }

  // The index as a position of a new axis of the entries. None if its range has no bounds that are sizes.
  std::optional<Expr> on_axis(const Binder& b, const IndexMap& map, std::vector<Expr>& guards) {
    const auto slot = static_cast<std::int32_t>(dims_.size());
    const Expr lower = substitute(b.lower, map), upper = substitute(b.upper, map);
    if (b.index.dim.valid() && lower->is_constant(0) && upper == c_.size(b.index.dim)) {
      dims_.push_back(b.index.dim);
      return c_.position(Index::slot(slot, b.index.dim));
    }
    const std::optional<Affine> least = bound(c_, lower, false), most = bound(c_, upper, true);
    if (!least || !most) return std::nullopt;
    dims_.push_back(c_.add_dim({.name = "entries",
                                .kind = Dim::Kind::computed,
                                .size = (*most + -1 * *least).to_expr(c_),
                                .anonymous = true}));
    const Expr first = least->to_expr(c_), place = c_.position(Index::slot(slot, dims_.back()));
    const Expr index = first->is_constant(0) ? place : place + first;
    guards.insert(guards.begin(), both(less_equal(lower, index), less(index, upper)));
    return index;
  }

  // An entry for each column, with the condition that it is one.
  SparseEntries add_whole(const Contribution& from) {
    dims_ = c_.tensor(of_).dims;
    const Element target = whole_element(c_, wrt_, dims_.size());
    dims_.insert(dims_.end(), c_.tensor(wrt_).dims.begin(), c_.tensor(wrt_).dims.end());
    const Landed landed = land(c_, from, target.at);
    Expr pattern;
    for (Expr guard : landed.outer_guards)
      if (is_of_integers(guard)) pattern = both_of(pattern, guard);
    return made(flat(target.at), pattern, value_of(c_, landed));
  }

  SparseEntries made(Expr column, Expr pattern, Expr value) {
    Expr place = to_real(column);
    if (pattern) place = c_.choose(pattern, place, c_.real(-1));
    return {define("columns", place), define("entries", value)};
  }

  Expr flat(std::span<const Expr> subscripts) {
    Expr place = c_.integer(0);
    for (std::size_t a = 0; a < subscripts.size(); ++a)
      place = a == 0 ? subscripts[a] : place * c_.size(c_.tensor(wrt_).dims[a]) + subscripts[a];
    return place;
  }

  TensorId define(const std::string& what, Expr value) {
    const std::string stem = "d_" + c_.tensor(of_).name + "_" + c_.tensor(wrt_).name + "_" + what;
    const TensorId t = c_.add_tensor({.name = c_.unused_name(stem), .dims = dims_});
    system_.add({t, Define{value}, {{}, "entries"}});
    return t;
  }

  System& system_;
  Context& c_;
  TensorId of_, wrt_;
  std::vector<DimId> dims_;  // of the entries in the making
};

}  // namespace

std::vector<SparseEntries> add_sparse_jacobian(System& system, TensorId of, TensorId wrt) {
  Context& c = system.context();
  std::vector<Contribution> found = reverse_contributions(system, of, wrt);
  if (of == wrt) found.push_back({of, whole_element(c, of, 0).at, c.real(1), {}, {}});
  Entries entries(system, of, wrt);
  std::vector<SparseEntries> result;
  for (const Contribution& contribution : found) result.push_back(entries.add(contribution));
  return result;
}

}  // namespace gradc
