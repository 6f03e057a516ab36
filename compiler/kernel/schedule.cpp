// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/schedule.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/equations/walk.h"
#include "compiler/kernel/unroll.h"
#include "compiler/kernel/weight.h"
#include "compiler/support/check.h"

namespace gradc::kernel {

namespace {

// Machine operations in one loop body: what LLVM compiles in time that grows with its size only.
constexpr std::size_t largest_body = 4000;

}  // namespace

Scheduler::Scheduler(Context& context, Extents& extents, Program& program, std::vector<Item>& items,
                     int width)
    : c_(context),
      extents_(extents),
      program_(program),
      items_(items),
      width_(width),
      reads_(items.size()),
      readers_(items.size()),
      cost_(items.size()),
      wish_(items.size()),
      apart_(items.size()),
      waiting_(items.size(), 0),
      level_of_(items.size(), 0),
      done_(items.size(), false),
      unit_(items.size(), 0),
      circle_of_(items.size()),
      phase_(items.size(), 0) {
  std::unordered_map<TensorId, std::size_t> by_tensor;
  for (std::size_t i = 0; i < items.size(); ++i)
    for (TensorId t : made_by(items[i])) by_tensor.emplace(t, i);
  for (std::size_t i = 0; i < items.size(); ++i) {
    std::map<std::size_t, std::vector<Expr>> accesses;
    const std::vector<Expr> nodes = reachable_nodes(roots_of(items[i]));
    for (Expr e : nodes)
      if (e->kind == ExprKind::access)
        if (auto found = by_tensor.find(e->tensor); found != by_tensor.end())
          accesses[found->second].push_back(e);
    for (auto& [producer, of] : accesses) {
      reads_[i].push_back({producer, std::move(of)});
      readers_[producer].push_back(i);
    }
    items[i].unrolled = short_axes(extents, items[i], width, weight_);
    choose_innermost(i);
    cost_[i] = written_cost(extents, items[i], items[i].unrolled, weight_);
  }
}

// What is not in lanes is not written out.
void Scheduler::choose_innermost(std::size_t i) {
  Item& item = items_[i];
  const bool elements = item.kind == Item::Kind::assign || item.kind == Item::Kind::accumulate;
  const auto chosen = [&] {
    return item.axes.empty() || !elements ? Innermost::inside : innermost(extents_, item, width_);
  };
  wish_[i] = chosen();
  if (item.unrolled > 0 && wish_[i] != Innermost::lanes) {
    item.unrolled = 0;
    wish_[i] = chosen();
  }
  apart_[i] = wish_[i] == Innermost::lanes && wants_own_loop(extents_, item);
}

std::vector<Loop::Member> Scheduler::run() {
  std::vector<std::size_t> all(items_.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  return level(all, 0);
}

SizeId Scheduler::extent(std::size_t item, std::size_t depth) {
  return extents_.of(items_[item].axes[depth].index.dim);
}

Innermost Scheduler::wish(std::size_t item, std::size_t depth) const {
  const Item& of = items_[item];
  return depth + 1 + of.unrolled == of.axes.size() ? wish_[item] : Innermost::inside;
}

// The consumer may stand in the producer's loop of this depth: the iteration makes what it reads.
bool Scheduler::fusable(const Read& read, std::size_t consumer, std::size_t depth) const {
  const Item &from = items_[read.producer], &to = items_[consumer];
  if (depth >= from.axes.size() || depth >= to.axes.size() || from.axes[depth].binder) return false;
  const auto slot = static_cast<std::size_t>(from.axes[depth].index.number);
  const Index index = to.axes[depth].index;
  return index.dim == from.axes[depth].index.dim && std::ranges::all_of(read.accesses, [&](Expr access) {
           const Expr s = access->arguments()[slot];
           return s->kind == ExprKind::position && s->index == index;
         });
}

// All items that may share one loop, from those that are ready on.
std::vector<std::size_t> Scheduler::group(const std::vector<std::size_t>& ready, SizeId key,
                                          std::size_t depth, const std::function<bool(std::size_t)>& admits) {
  std::set<std::size_t> open;  // in the order of the definitions
  std::set<std::size_t> members;
  std::map<std::size_t, std::size_t> met;  // producers in the group, per consumer
  std::size_t cost = 0;
  const auto offer = [&](std::size_t i) {
    if (depth < items_[i].axes.size() && extent(i, depth) == key && phase_[i] == phase_[ready.front()] &&
        is_unrolled(i, depth) == is_unrolled(ready.front(), depth) && circle_of_[unit_[i]].empty() &&
        admits(i))
      open.insert(i);
  };
  for (std::size_t i : ready) offer(i);
  while (!open.empty()) {
    const std::size_t i = *open.begin();
    open.erase(open.begin());
    if (!members.empty() && cost + cost_[i] > largest_body) continue;
    members.insert(i);
    cost += cost_[i];
    for (std::size_t reader : readers_[i]) {
      if (level_of_[reader] != level_of_[i] || done_[reader]) continue;
      for (const Read& read : reads_[reader])
        if (read.producer == i && fusable(read, reader, depth) && ++met[reader] == waiting_[reader])
          offer(reader);
    }
  }
  return {members.begin(), members.end()};
}

// All that is made in one loop over segments of time: as if each waited for the others. What has nothing to
// do with the others, directly or not, has a loop of its own.
void Scheduler::join_segments(const std::vector<std::size_t>& items,
                              std::vector<std::vector<std::size_t>>& successors) const {
  const auto segments_of = [&](std::size_t k) { return c_.tensor(items_[items[k]].tensor).segments; };
  std::vector<std::vector<std::size_t>> neighbours(items.size());
  for (std::size_t k = 0; k < items.size(); ++k)
    for (std::size_t other : successors[k])
      if (segments_of(k) != Segments::none && segments_of(k) == segments_of(other)) {
        neighbours[k].push_back(other);
        neighbours[other].push_back(k);
      }
  for (const std::vector<std::size_t>& group : strongly_connected(neighbours))
    for (std::size_t k = 0; group.size() > 1 && k < group.size(); ++k)
      successors[group[k]].push_back(group[(k + 1) % group.size()]);
}

// Which items of the level form circles, and for how many others each has to wait.
void Scheduler::begin_level(const std::vector<std::size_t>& items, std::size_t depth) {
  const std::size_t mark = ++levels_;
  std::unordered_map<std::size_t, std::size_t> place;
  for (std::size_t i : items) {
    level_of_[i] = mark, done_[i] = false, waiting_[i] = 0;
    place.emplace(i, place.size());
    circle_of_[i].clear();
    unit_[i] = i;
  }
  std::vector<std::vector<std::size_t>> successors(items.size());
  for (std::size_t k = 0; k < items.size(); ++k)
    for (const Read& r : reads_[items[k]])
      if (level_of_[r.producer] == mark) successors[k].push_back(place.at(r.producer));
  if (depth == 0) join_segments(items, successors);
  for (const std::vector<std::size_t>& group : strongly_connected(successors)) {
    const std::size_t first = group[0];
    if (group.size() == 1 && std::ranges::find(successors[first], first) == successors[first].end()) continue;
    for (std::size_t k : group) {
      unit_[items[k]] = items[first];
      circle_of_[items[first]].push_back(items[k]);
    }
  }
  for (std::size_t i : items)
    waiting_[unit_[i]] += static_cast<std::size_t>(std::ranges::count_if(reads_[i], [&](const Read& r) {
      return level_of_[r.producer] == mark && unit_[r.producer] != unit_[i];
    }));
}

std::vector<Loop::Member> Scheduler::level(const std::vector<std::size_t>& items, std::size_t depth) {
  begin_level(items, depth);
  const std::size_t mark = levels_;
  std::set<std::size_t> ready;
  for (std::size_t i : items)
    if (unit_[i] == i && waiting_[i] == 0) ready.insert(i);
  std::vector<Loop::Member> members;
  std::vector<std::pair<Loop*, std::vector<std::size_t>>> inner;
  const auto finish = [&](std::size_t i) {
    done_[i] = true;
    ready.erase(i);
    for (std::size_t reader : readers_[i])
      if (level_of_[reader] == mark && unit_[reader] != unit_[i] && --waiting_[unit_[reader]] == 0)
        ready.insert(unit_[reader]);
  };
  const auto is_circle = [&](std::size_t i) { return !circle_of_[i].empty(); };
  while (!ready.empty()) {
    const auto leaf = std::ranges::find_if(
        ready, [&](std::size_t i) { return items_[i].axes.size() == depth && !is_circle(i); });
    if (leaf != ready.end()) {
      const std::size_t i = *leaf;
      members.push_back({i, nullptr});
      finish(i);
      continue;
    }
    std::vector<std::size_t> now;
    for (std::size_t i : ready)
      if (!is_circle(i)) now.push_back(i);
    if (now.empty()) {
      std::vector<std::size_t> circle = circle_of_[*ready.begin()];
      for (std::size_t i : circle) finish(i);
      std::unique_ptr<Loop> loop = loop_around_steps(circle, depth);
      if (!loop) loop = circle_loop(circle, depth);
      inner.emplace_back(loop.get(), std::move(circle));
      members.push_back({0, std::move(loop)});
      continue;
    }
    const SizeId key = extent(now.front(), depth);
    auto loop = std::make_unique<Loop>();
    loop->extent = key;
    loop->unrolled = is_unrolled(now.front(), depth);
    std::vector<std::size_t> together = group(
        now, key, depth, [&](std::size_t i) { return is_apart(now.front(), depth) || !is_apart(i, depth); });
    const auto some = [&](Innermost how) {
      return std::ranges::any_of(together, [&](std::size_t i) { return wish(i, depth) == how; });
    };
    if (!loop->unrolled && (is_apart(now.front(), depth) || !some(Innermost::inside))) {
      // Either all in lanes or all one after the other; those that are ready choose.
      const bool lanes = std::ranges::any_of(now, [&](std::size_t i) {
        return extent(i, depth) == key && phase_[i] == phase_[now.front()] &&
               wish(i, depth) == Innermost::lanes;
      });
      const Innermost how = lanes ? Innermost::lanes : Innermost::serial;
      together = group(now, key, depth, [&](std::size_t i) { return wish(i, depth) == how; });
      if (lanes) loop->lanes = width_;
    }
    GRADC_CHECK(!together.empty(), "a loop without items");
    for (std::size_t i : together) finish(i);
    inner.emplace_back(loop.get(), std::move(together));
    members.push_back({0, std::move(loop)});
  }
  GRADC_CHECK(std::ranges::all_of(items, [&](std::size_t i) { return done_[i]; }),
              "a circle of equations in lowering");
  for (auto& [loop, of] : inner) loop->members = level(of, depth + 1);
  return members;
}

}  // namespace gradc::kernel
