// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/storage.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/equations/walk.h"
#include "compiler/kernel/unroll.h"
#include "compiler/operators/affine.h"
#include "compiler/support/check.h"
#include "runtime/abi.h"

namespace gradc::kernel {

Storage::Storage(const Context& context, Extents& extents, Program& program, const FunctionSpec& spec,
                 const LowerOptions& options)
    : c_(context), extents_(extents), program_(program), options_(options) {
  // Sizes are numbered in the order of the arrays.
  const auto add = [&](const ArraySpec& a, Buffer::Place place) {
    const Tensor& t = c_.tensor(a.tensor);
    if (place == Buffer::Place::result) roles_.emplace(a.tensor, a.role);
    const BufferId buffer = add_buffer(a.tensor, 0, place);
    program_.buffers.back().array = static_cast<std::int32_t>(program_.arrays.size());
    if (!a.name.empty()) program_.buffers.back().name = a.name;
    Array array{.name = a.name.empty() ? t.name : a.name,
                .role = a.role,
                .of = a.of,
                .noise = a.noise,
                .buffer = buffer};
    for (DimId dim : t.dims) array.axes.push_back(c_.dim(dim).anonymous ? "" : c_.dim(dim).name);
    const DimId counted = t.role == Role::length ? t.length_of : t.member_of;
    if (t.type == Type::integer && counted.valid()) array.members = extents_.of(counted);
    program_.arrays.push_back(std::move(array));
    (place == Buffer::Place::argument ? arguments_ : results_).emplace(a.tensor, buffer);
  };
  for (const ArraySpec& a : spec.arguments) add(a, Buffer::Place::argument);
  for (const ArraySpec& a : spec.results) add(a, Buffer::Place::result);
}

Scalar Storage::element(TensorId tensor) const {
  switch (c_.tensor(tensor).type) {
    case Type::integer: return Scalar::i32;
    case Type::boolean: return Scalar::boolean;
    case Type::real: break;
  }
  if (auto role = roles_.find(tensor); role != roles_.end())
    if (role->second == GRADC_LOSS || role->second == GRADC_METRIC || role->second == GRADC_PENALTY)
      return Scalar::f64;
  return options_.f32 ? Scalar::f32 : Scalar::f64;
}

BufferId Storage::add_buffer(TensorId tensor, std::size_t dropped, Buffer::Place place) {
  std::vector<SizeId> extents = extents_.of_tensor(tensor);
  const bool own = place == Buffer::Place::workspace;  // callers' integers have 32 bits
  extents.erase(extents.begin(), extents.begin() + static_cast<std::ptrdiff_t>(dropped));
  program_.buffers.push_back({.name = c_.tensor(tensor).name,
                              .element = own && c_.tensor(tensor).wide ? Scalar::i64 : element(tensor),
                              .extents = std::move(extents),
                              .place = place});
  return {static_cast<std::int32_t>(program_.buffers.size()) - 1};
}

const Stored* Storage::computed(TensorId tensor) const {
  auto found = computed_.find(tensor);
  return found == computed_.end() ? nullptr : &found->second;
}

void Storage::walk(const std::vector<Loop::Member>& members, std::vector<const Loop*>& loops,
                   std::size_t step) {
  for (std::size_t k = 0; k < members.size(); ++k) {
    if (loops.empty()) step = k;
    if (members[k].loop) {
      loops.push_back(members[k].loop.get());
      walk(members[k].loop->members, loops, step);
      loops.pop_back();
    } else {
      loops_of_[members[k].item] = loops;
      step_of_[members[k].item] = step;
    }
  }
}

// In a loop around a circle, what one iteration makes others may read: not if the reader's position is that
// of the writer in the same iteration.
bool Storage::in_same_iteration(const Loop& circle, std::size_t depth, Expr access, std::size_t reader,
                                std::size_t writer) const {
  const auto along = circle.along.find(access->tensor);
  if (along == circle.along.end() || (*items_)[writer].kind != Item::Kind::assign) return false;
  const Index index = (*items_)[reader].axes[depth].index;
  const std::optional<Affine> form = affine_form(access->arguments()[along->second.axis]);
  if (!form || form->coefficient(index) != 1) return false;
  const Affine rest = form->without(index);
  return rest.is_constant() && rest.constant + along->second.shift == circle.phases.at(reader).shift;
}

void Storage::place(const std::vector<Item>& items, const std::vector<Loop::Member>& outermost) {
  items_ = &items;
  loops_of_.resize(items.size());
  step_of_.resize(items.size());
  for (std::size_t i = 0; i < items.size(); ++i)
    for (TensorId t : made_by(items[i])) item_of_.emplace(t, i);
  std::vector<const Loop*> loops;
  walk(outermost, loops, 0);
  std::vector<std::size_t> shared(items.size(), ~std::size_t{0}), last_read(items.size(), 0);
  const auto outer_axes = [](const Item& item) { return item.axes.size() - item.unrolled; };
  for (std::size_t reader = 0; reader < items.size(); ++reader) {
    const auto anywhere = read_anywhere(extents_, items[reader], [&](TensorId t) {
      const auto writer = item_of_.find(t);
      return writer == item_of_.end() ? c_.tensor(t).rank() : outer_axes(items[writer->second]);
    });
    for (Expr access : accesses_of(items[reader])) {
      auto found = item_of_.find(access->tensor);
      if (found == item_of_.end()) continue;
      const std::size_t writer = found->second;
      const auto &a = loops_of_[writer], &b = loops_of_[reader];
      auto common = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
      // Within an iteration of a circle, loops further in are not shared: what they make stays in memory.
      for (std::size_t k = 0, end = common; k < end; ++k) {
        if (!a[k]->circle) continue;
        const bool same = in_same_iteration(*a[k], k, access, reader, writer);
        common = same ? k + 1 : std::min(common, k);
        if (!same) break;
      }
      shared[writer] = std::min(shared[writer], common);
      // Lanes keep what they make in registers, or else all of it in memory.
      const std::size_t own = outer_axes(items[writer]);
      if (items[writer].unrolled > 0 && common >= own && anywhere.contains(access->tensor))
        shared[writer] = std::min(shared[writer], own - 1);
      last_read[writer] = std::max(last_read[writer], step_of_[reader]);
    }
  }
  for (std::size_t i = 0; i < items.size(); ++i)
    for (TensorId t : made_by(items[i])) computed_.emplace(t, store(i, t, shared[i], last_read[i]));
}

BufferId Storage::add_copies(BufferId of, SizeId count, std::size_t step) {
  Buffer copies = program_.buffer(of);
  copies.name += "_parts";
  copies.extents.insert(copies.extents.begin(), count);
  copies.place = Buffer::Place::workspace;
  copies.array = -1;
  const BufferId id{static_cast<std::int32_t>(program_.buffers.size())};
  program_.buffers.push_back(std::move(copies));
  lifetimes_[id] = {step, step};
  return id;
}

Stored Storage::store(std::size_t i, TensorId tensor, std::size_t shared, std::size_t last_read) {
  const Item& item = (*items_)[i];
  Stored stored{.loops = loops_of_[i]};
  const std::size_t rank = c_.tensor(tensor).rank();
  if (auto result = results_.find(tensor); result != results_.end()) {
    stored.buffer = result->second;
    return stored;
  }
  GRADC_CHECK(shared != ~std::size_t{0}, "an item that nothing reads");
  while (stored.dropped < std::min(shared, item.axes.size()) && !item.axes[stored.dropped].binder &&
         item.axes[stored.dropped].index ==
             Index::slot(static_cast<std::int32_t>(stored.dropped), item.axes[stored.dropped].index.dim))
    ++stored.dropped;
  if (item.unrolled > 0 && stored.dropped >= item.axes.size() - item.unrolled) stored.dropped = rank;
  const bool in_register = item.kind == Item::Kind::assign || item.in_register();
  // What a circle's iteration makes may be read behind another branch of it, where registers are forgotten.
  const bool in_circle = std::ranges::any_of(stored.loops, &Loop::circle);
  if (stored.dropped < rank || rank == 0 || !in_register || in_circle) {
    stored.buffer = add_buffer(tensor, stored.dropped, Buffer::Place::workspace);
    lifetimes_[stored.buffer] = {step_of_[i], last_read};
    if (stored.dropped > 0) of_iteration_.insert(stored.buffer);
  }
  return stored;
}

// Slots are taken again once their buffer is read for the last time: a slot per size, first come first
// served, so that what is in use together never shares one.
void Storage::share_arena() {
  std::vector<BufferId> order;
  for (const auto& [buffer, lifetime] : lifetimes_) order.push_back(buffer);
  std::ranges::sort(order, [&](BufferId a, BufferId b) {
    return std::pair(lifetimes_[a].first, a.value) < std::pair(lifetimes_[b].first, b.value);
  });
  std::map<SizeId, std::set<std::pair<std::size_t, std::int32_t>>> slots;  // by size: (last use, slot)
  for (BufferId id : order) {
    Buffer& buffer = program_.buffers[static_cast<std::size_t>(id.value)];
    std::vector<SizeId> sizes = buffer.extents;
    sizes.push_back(program_.sizes.constant(static_cast<std::int64_t>(bytes(buffer.element))));
    const SizeId size = buffer.slot_bytes.valid() ? buffer.slot_bytes : program_.sizes.product(sizes);
    auto& of_size = slots[size];
    if (!of_size.empty() && of_size.begin()->first < lifetimes_[id].first) {  // out of use the longest
      buffer.slot = of_size.extract(of_size.begin()).value().second;
    } else {
      buffer.slot = static_cast<std::int32_t>(program_.slots.size());
      program_.slots.push_back(size);
    }
    of_size.emplace(lifetimes_[id].last, buffer.slot);
  }
}

}  // namespace gradc::kernel
