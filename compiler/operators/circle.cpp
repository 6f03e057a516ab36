// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/circle.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "compiler/equations/walk.h"
#include "compiler/operators/affine.h"
#include "compiler/operators/bounds.h"
#include "compiler/operators/build.h"
#include "compiler/operators/late_circle.h"

namespace gradc {

namespace {

// Conditions and binders, as a tree of what surrounds what.
struct Surroundings {
  std::size_t parent = 0;
  std::size_t depth = 0;
  std::optional<std::pair<Expr, bool>> condition = {};
  std::optional<Binder> binder = {};
};

std::size_t common(const std::vector<Surroundings>& tree, std::size_t a, std::size_t b) {
  while (a != b) {
    if (tree[a].depth < tree[b].depth) std::swap(a, b);
    a = tree[a].parent;
  }
  return a;
}

}  // namespace

std::vector<Reference> references(Expr root, const std::function<bool(TensorId)>& wanted) {
  std::vector<Surroundings> tree{{}};
  const auto inside = [&](std::size_t parent, std::optional<std::pair<Expr, bool>> condition,
                          std::optional<Binder> binder = {}) {
    tree.push_back({parent, tree[parent].depth + 1, std::move(condition), std::move(binder)});
    return tree.size() - 1;
  };
  std::vector<Reference> result;
  struct Part {
    Expr root;
    std::size_t at;
  };
  std::vector<Part> parts{{root, 0}};  // bodies of reductions are parts of their own
  while (!parts.empty()) {
    const Part part = parts.back();
    parts.pop_back();
    std::vector<Expr> nodes{part.root};
    std::unordered_map<Expr, std::size_t> where{{part.root, part.at}};
    for (std::size_t k = 0; k < nodes.size(); ++k)
      if (nodes[k]->kind != ExprKind::reduce)
        for (Expr operand : nodes[k]->operands)
          if (where.try_emplace(operand, ~std::size_t{0}).second) nodes.push_back(operand);
    where[part.root] = part.at;
    std::ranges::sort(nodes, [](Expr a, Expr b) { return a->id > b->id; });  // parents first
    const auto reach = [&](Expr e, std::size_t at) {
      std::size_t& place = where.at(e);
      place = place == ~std::size_t{0} ? at : common(tree, place, at);
    };
    for (Expr e : nodes) {
      const std::size_t at = where.at(e);
      if (e->kind == ExprKind::reduce) {
        const OpenedReduction o = open(e);
        std::size_t in = at;
        for (const Binder& b : o.binders) {
          parts.push_back({b.lower, in});
          parts.push_back({b.upper, in});
          in = inside(in, {}, b);
        }
        parts.push_back({o.guard, in});
        parts.push_back({o.body, o.guard->is_constant(1) ? in : inside(in, std::pair(o.guard, true))});
        continue;
      }
      if (e->kind == ExprKind::choose) {
        reach(e->condition(), at);
        reach(e->on_true(), inside(at, std::pair(e->condition(), true)));
        reach(e->on_false(), inside(at, std::pair(e->condition(), false)));
        continue;
      }
      if (e->kind == ExprKind::access && wanted(e->tensor)) {
        Reference r{.access = e};
        for (std::size_t k = at; k != 0; k = tree[k].parent) {
          if (tree[k].condition) r.conditions.push_back(*tree[k].condition);
          if (tree[k].binder) r.binders.push_back(*tree[k].binder);
        }
        std::ranges::reverse(r.conditions);
        std::ranges::reverse(r.binders);
        result.push_back(std::move(r));
      }
      for (Expr operand : e->operands) reach(operand, at);
    }
  }
  return result;
}

namespace {

class LoopFinder {
 public:
  LoopFinder(Context& c, std::span<const CircleMember> members, std::optional<std::size_t> anchor)
      : c_(c), members_(members), anchor_(anchor) {
    for (std::size_t m = 0; m < members.size(); ++m) by_tensor_.emplace(members[m].tensor, m);
  }

  std::optional<CircleLoop> run() {
    for (const bool assume : {false, true})
      for (std::size_t start = 0; start < members_[0].loops.size(); ++start) {
        CircleLoop loop;
        if (!align(start, loop.loops)) continue;
        for (const bool up : {true, false}) {
          loop.up = up;
          if (solve(loop, assume)) return loop;
        }
      }
    return std::nullopt;
  }

 private:
  static constexpr std::size_t none = ~std::size_t{0};

  // Which loop of each member goes with this one of the first, by what subscripts which axis.
  bool align(std::size_t start, std::vector<std::size_t>& loops) const {
    loops.assign(members_.size(), none);
    loops[0] = start;
    for (bool progress = true; progress;) {
      progress = false;
      for (std::size_t m = 0; m < members_.size(); ++m)
        for (const Reference& read : members_[m].reads) {
          const std::size_t of = by_tensor_.at(read.access->tensor);
          if ((loops[m] == none) == (loops[of] == none)) continue;
          progress = (loops[m] != none ? carry(m, loops[m], read, of, loops[of])
                                       : carry_back(m, loops[m], read, of, loops[of])) ||
                     progress;
        }
    }
    return std::ranges::find(loops, none) == loops.end();
  }

  std::size_t loop_in(const CircleMember& m, Expr e) const {
    std::size_t found = none;
    for (std::size_t k = 0; k < m.loops.size(); ++k)
      if (e->depends_on(m.loops[k])) {
        const auto form = affine_form(e);
        if (found == none || (form && form->coefficient(m.loops[k]) == 1)) found = k;
      }
    return found;
  }
  bool carry(std::size_t m, std::size_t loop, const Reference& read, std::size_t of, std::size_t& to) const {
    const Index index = members_[m].loops[loop];
    for (const bool exact : {true, false})
      for (std::size_t axis = 0; axis < read.access->arguments().size(); ++axis) {
        const Expr s = read.access->arguments()[axis];
        if (!s->depends_on(index)) continue;
        const auto form = affine_form(s);
        if (exact && !(form && form->coefficient(index) == 1)) continue;
        to = loop_in(members_[of], members_[of].element[axis]);
        if (to != none) return true;
      }
    // Guards may tie a summed index to this one: `parent[b] == p`.
    const DimId dim = index.dim;
    for (std::size_t axis = 0; axis < read.access->arguments().size(); ++axis) {
      const Expr s = read.access->arguments()[axis];
      if (s->kind != ExprKind::position || s->index.dim != dim) continue;
      const bool bound = std::ranges::find(read.binders, s->index, &Binder::index) != read.binders.end();
      if (!bound) continue;
      to = loop_in(members_[of], members_[of].element[axis]);
      if (to != none) return true;
    }
    return false;
  }
  bool carry_back(std::size_t m, std::size_t& to, const Reference& read, std::size_t of,
                  std::size_t loop) const {
    const Index index = members_[of].loops[loop];
    for (std::size_t axis = 0; axis < members_[of].element.size(); ++axis) {
      if (!members_[of].element[axis]->depends_on(index)) continue;
      to = loop_in(members_[m], read.access->arguments()[axis]);
      if (to != none) return true;
    }
    return false;
  }

  struct Distance {
    std::int64_t value;  // the latest that is read, in loop positions beyond the reader's own
    std::vector<Expr> assumed;
  };

  // The furthest that is read ahead of the reader, along the loop in its direction.
  std::optional<Distance> distance(const CircleLoop& loop, std::size_t m, const Reference& read,
                                   bool assume) const {
    const std::size_t of = by_tensor_.at(read.access->tensor);
    const CircleMember &reader = members_[m], &made = members_[of];
    const Index own = reader.loops[loop.loops[m]], its = made.loops[loop.loops[of]];
    std::optional<Distance> nearest;
    for (std::size_t axis = 0; axis < made.element.size(); ++axis) {
      if (!made.element[axis]->depends_on(its)) continue;
      Bounds at(c_);
      if (assume) at.assume_members_fall();
      for (const Binder& b : read.binders) at.add(b);
      if (reader.guard) at.add_condition(reader.guard);
      for (const auto& [condition, holds] : read.conditions) at.add_condition(condition, holds);
      const Expr ahead = read.access->arguments()[axis] - c_.position(own);
      const std::optional<std::int64_t> far = loop.up ? at.most(ahead) : at.least(ahead);
      if (!far) continue;
      Distance d{loop.up ? *far : -*far, at.assumed()};
      const Expr element = made.element[axis];
      if (!(element->kind == ExprKind::position && element->index == its)) {
        // Several iterations may add to one element: all of them come first.
        Bounds there(c_);
        if (assume) there.assume_members_fall();
        if (made.guard) there.add_condition(made.guard);
        const Expr shift = element - c_.position(its);
        const std::optional<std::int64_t> back = loop.up ? there.least(shift) : there.most(shift);
        if (!back) continue;
        d.value += loop.up ? -*back : *back;
        d.assumed.insert(d.assumed.end(), there.assumed().begin(), there.assumed().end());
      }
      if (!nearest || d.value < nearest->value) nearest = d;
    }
    return nearest;
  }

  // Shifts such that nothing is read before it is made (Bellman and Ford), and something is read later.
  bool solve(CircleLoop& loop, bool assume) const {
    struct Edge {
      std::size_t reader, made;
      std::int64_t ahead;
    };
    std::vector<Edge> edges;
    loop.assumed.clear();
    for (std::size_t m = 0; m < members_.size(); ++m)
      for (std::size_t k = 0; k < members_[m].reads.size(); ++k) {
        const auto d = distance(loop, m, members_[m].reads[k], assume);
        if (!d) return false;
        edges.push_back({m, by_tensor_.at(members_[m].reads[k].access->tensor), d->value});
        for (Expr e : d->assumed) loop.assumed.push_back({m, k, e});
      }
    std::vector<std::int64_t>& shifts = loop.shifts;
    // All start from the latest time that is possible at all, and are made earlier by what reads them.
    constexpr std::int64_t never = std::int64_t{1} << 40;
    shifts.assign(members_.size(), anchor_ ? never : 0);
    if (anchor_) shifts[*anchor_] = 0;
    bool changed = true;
    for (std::size_t round = 0; changed && round <= members_.size(); ++round) {
      changed = false;
      for (const Edge& e : edges)
        if (shifts[e.reader] != never && shifts[e.made] > shifts[e.reader] - e.ahead) {
          shifts[e.made] = shifts[e.reader] - e.ahead;
          changed = true;
        }
    }
    if (changed || std::ranges::find(shifts, never) != shifts.end()) return false;
    const std::int64_t least = *std::ranges::min_element(shifts);
    for (std::int64_t& s : shifts) s -= least;
    bool progress = false;
    std::size_t edge = 0;
    loop.settled.assign(members_.size(), {});
    for (std::size_t m = 0; m < members_.size(); ++m)
      for (std::size_t k = 0; k < members_[m].reads.size(); ++k, ++edge) {
        loop.settled[m].push_back(shifts[m] - edges[edge].ahead > shifts[edges[edge].made]);
        progress = progress || loop.settled[m].back();
      }
    return progress;
  }

  Context& c_;
  std::span<const CircleMember> members_;
  std::optional<std::size_t> anchor_;
  std::unordered_map<TensorId, std::size_t> by_tensor_;
};

}  // namespace

std::optional<CircleLoop> find_loop(Context& context, std::span<const CircleMember> members) {
  return LoopFinder(context, members, std::nullopt).run();
}

std::optional<CircleLoop> find_late_loop(Context& context, std::span<const CircleMember> members,
                                         std::size_t anchor) {
  return LoopFinder(context, members, anchor).run();
}

std::vector<std::vector<std::size_t>> circles_of(std::span<const CircleMember> members) {
  const std::size_t n = members.size();
  std::unordered_map<TensorId, std::size_t> by_tensor;
  for (std::size_t m = 0; m < n; ++m) by_tensor.emplace(members[m].tensor, m);
  std::vector<std::vector<std::size_t>> successors(n);
  for (std::size_t m = 0; m < n; ++m)
    for (const Reference& r : members[m].reads)
      if (auto found = by_tensor.find(r.access->tensor); found != by_tensor.end())
        successors[m].push_back(found->second);
  return strongly_connected(successors);
}

namespace {

// One level of loops after another, for each circle that is left.
bool falls_from(Context& c, std::vector<CircleMember> members, std::vector<std::size_t> numbers, Fall& fall) {
  const std::optional<CircleLoop> loop = find_loop(c, members);
  if (!loop) {
    fall.falls = false;
    fall.member = numbers[0];
    fall.access = members[0].reads.empty() ? Expr() : members[0].reads[0].access;
    return false;
  }
  for (const AssumedFall& a : loop->assumed)
    fall.checks.push_back({numbers[a.member], members[a.member].reads[a.read], a.later});
  for (std::size_t m = 0; m < members.size(); ++m) {
    std::size_t k = 0;
    std::erase_if(members[m].reads, [&](const Reference&) { return loop->settled[m][k++]; });
    members[m].loops.erase(members[m].loops.begin() + static_cast<std::ptrdiff_t>(loop->loops[m]));
  }
  for (const std::vector<std::size_t>& group : circles_of(members)) {
    std::vector<CircleMember> inner;
    std::vector<std::size_t> inner_numbers;
    for (std::size_t m : group) {
      CircleMember member = members[m];
      std::erase_if(member.reads, [&](const Reference& r) {
        return std::ranges::none_of(group,
                                    [&](std::size_t g) { return members[g].tensor == r.access->tensor; });
      });
      inner.push_back(std::move(member));
      inner_numbers.push_back(numbers[m]);
    }
    if (inner.size() == 1 && inner[0].reads.empty()) continue;
    if (!falls_from(c, std::move(inner), std::move(inner_numbers), fall)) return false;  // as deep as axes
  }
  return true;
}

}  // namespace

std::vector<CircleMember> circle_members(const System& system, std::span<const std::size_t> group) {
  Context& c = system.context();
  std::vector<TensorId> tensors;
  for (std::size_t i : group) tensors.push_back(system.definitions()[i].tensor);
  const auto inside = [&](TensorId t) { return std::ranges::find(tensors, t) != tensors.end(); };
  std::vector<CircleMember> members;
  for (std::size_t i : group) {
    const Definition& d = system.definitions()[i];
    CircleMember m{.tensor = d.tensor, .loops = {}, .element = {}, .guard = {}, .reads = {}};
    for (DimId dim : c.tensor(d.tensor).dims) {
      m.loops.push_back(Index::slot(static_cast<std::int32_t>(m.loops.size()), dim));
      m.element.push_back(c.position(m.loops.back()));
    }
    if (const Define* define = d.define()) m.reads = references(define->value, inside);
    members.push_back(std::move(m));
  }
  return members;
}

Fall falls(const System& system, std::span<const std::size_t> group) {
  std::vector<std::size_t> numbers(group.size());
  std::iota(numbers.begin(), numbers.end(), std::size_t{0});
  Fall fall;
  falls_from(system.context(), circle_members(system, group), std::move(numbers), fall);
  return fall;
}

}  // namespace gradc
