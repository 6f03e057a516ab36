// Circles of items: a loop around all of them, in which nothing is read before it is made.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/equations/walk.h"
#include "compiler/kernel/schedule.h"
#include "compiler/operators/build.h"
#include "compiler/operators/late_circle.h"
#include "compiler/support/check.h"

namespace gradc::kernel {

CircleMember Scheduler::member(std::size_t i, std::size_t depth, const std::vector<std::size_t>& circle) {
  const Item& item = items_[i];
  CircleMember m{.tensor = item.tensor, .loops = {}, .element = item.place, .guard = item.guard, .reads = {}};
  for (std::size_t k = depth; k < item.axes.size(); ++k) m.loops.push_back(item.axes[k].index);
  if (item.kind != Item::Kind::accumulate)
    for (DimId dim : c_.tensor(item.tensor).dims)
      m.element.push_back(c_.position(Index::slot(static_cast<std::int32_t>(m.element.size()), dim)));
  const auto inside = [&](TensorId t) {
    return std::ranges::any_of(circle, [&](std::size_t j) { return items_[j].tensor == t; });
  };
  if (auto known = references_.find(i); known != references_.end()) {
    for (const Reference& r : known->second)
      if (inside(r.access->tensor)) m.reads.push_back(r);
    return m;
  }
  for (Expr root : roots_of(item))
    for (Reference& r : references(root, inside)) m.reads.push_back(std::move(r));
  return m;
}

// Only what is left has still to be waited for.
void Scheduler::settle(std::size_t i, const std::vector<Reference>& left,
                       const std::vector<std::size_t>& circle) {
  references_[i] = left;
  std::erase_if(reads_[i], [&](Read& read) {
    if (std::ranges::find(circle, read.producer) == circle.end()) return false;
    read.accesses.clear();
    for (const Reference& r : left)
      if (r.access->tensor == items_[read.producer].tensor) read.accesses.push_back(r.access);
    if (!read.accesses.empty()) return false;
    std::erase(readers_[read.producer], i);
    return true;
  });
}

// The steps of an iterate differ from element to element: its leading axes are loops around its own, where no
// element reads another's.
std::unique_ptr<Loop> Scheduler::loop_around_steps(const std::vector<std::size_t>& circle,
                                                   std::size_t depth) {
  const bool counts = std::ranges::any_of(circle, [&](std::size_t i) {
    return c_.tensor(items_[i].tensor).counted_by.valid() && items_[i].axes.size() > depth + 1;
  });
  if (!counts) return nullptr;
  const Index index = items_[circle[0]].axes[depth].index;
  for (std::size_t i : circle) {
    const Item& item = items_[i];
    if (item.kind != Item::Kind::assign || item.axes.size() <= depth + 1 || item.axes[depth].index != index)
      return nullptr;
    for (const Reference& r : member(i, depth, circle).reads) {
      const Expr s = r.access->arguments()[static_cast<std::size_t>(index.number)];
      if (s->kind != ExprKind::position || s->index != index) return nullptr;
    }
  }
  auto loop = std::make_unique<Loop>();
  loop->extent = extent(circle[0], depth);
  return loop;
}

std::unique_ptr<Loop> Scheduler::circle_loop(const std::vector<std::size_t>& circle, std::size_t depth) {
  std::vector<CircleMember> members;
  for (std::size_t i : circle) members.push_back(member(i, depth, circle));
  // The outermost of the iterates in it says what is needed when: those inside it follow.
  // (A loop over segments is no step of theirs.)
  auto counted = circle.end();
  const bool of_segments = depth == 0 && c_.tensor(items_[circle[0]].tensor).segments != Segments::none;
  for (auto i = circle.begin(); i != circle.end(); ++i)
    if (!of_segments && c_.tensor(items_[*i].tensor).counted_by.valid() &&
        (counted == circle.end() || items_[*i].axes.size() < items_[*counted].axes.size()))
      counted = i;
  std::optional<CircleLoop> found;
  if (counted != circle.end())
    found = find_late_loop(c_, members, static_cast<std::size_t>(counted - circle.begin()));
  if (!found) found = find_loop(c_, members);
  GRADC_CHECK(found, "a circle of equations in lowering, through " + c_.tensor(members[0].tensor).name);
  auto loop = std::make_unique<Loop>();
  loop->circle = true;
  loop->up = found->up;
  Sizes& sizes = program_.sizes;
  const std::int64_t most = *std::ranges::max_element(found->shifts);
  for (std::size_t m = 0; m < circle.size(); ++m) {
    const std::size_t i = circle[m];
    auto& axes = items_[i].axes;
    const auto chosen = axes.begin() + static_cast<std::ptrdiff_t>(depth + found->loops[m]);
    std::rotate(axes.begin() + static_cast<std::ptrdiff_t>(depth), chosen, chosen + 1);
    const SizeId own = extent(i, depth);
    // Running down, the shifts count from the other end.
    const std::int64_t shift = found->up ? found->shifts[m] : most - found->shifts[m];
    const SizeId end = sizes.combine(Size::Kind::add, own, sizes.constant(shift));
    loop->extent = m == 0                ? end
                   : loop->extent == end ? end
                                         : sizes.combine(Size::Kind::max, loop->extent, end);
    loop->phases[i] = {shift, own};
    for (std::size_t axis = 0; axis < members[m].element.size(); ++axis)
      if (members[m].element[axis]->depends_on(axes[depth].index)) {
        loop->along.insert_or_assign(items_[i].tensor, Loop::Along{axis, shift});
        break;
      }
    phase_[i] = phases_.try_emplace({phase_[i], shift, own.value}, static_cast<int>(phases_.size()) + 1)
                    .first->second;
    std::vector<Reference> left;
    for (std::size_t k = 0; k < members[m].reads.size(); ++k)
      if (!found->settled[m][k]) left.push_back(members[m].reads[k]);
    settle(i, left, circle);
    items_[i].unrolled = 0;
    if (axes.size() > depth + 1) choose_innermost(i);
    const Tensor& tensor = c_.tensor(items_[i].tensor);
    const bool last = axes[depth].index.number + 1 == static_cast<std::int32_t>(tensor.rank());
    if (found->up && tensor.counted_by.valid() && last && axes.size() == depth + 1) loop->while_item = i;
  }
  return loop;
}

}  // namespace gradc::kernel
