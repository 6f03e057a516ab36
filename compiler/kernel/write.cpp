// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/write.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "compiler/equations/walk.h"
#include "compiler/kernel/blocks.h"
#include "compiler/operators/affine.h"
#include "compiler/operators/build.h"
#include "compiler/support/check.h"

namespace gradc::kernel {

namespace {

// A kernel becomes one machine function; LLVM's cost grows faster than a function's size.
constexpr std::size_t largest_kernel = 1000;

}  // namespace

void KernelWriter::begin_kernel() {
  kernel_ = std::make_unique<Kernel>();
  kernel_->name = "k" + std::to_string(program_.kernels.size());
  builder_ = std::make_unique<Builder>(*kernel_);
  expressions_ = std::make_unique<ExpressionWriter>(c_, extents_, storage_, options_, *builder_, width_);
}

void KernelWriter::end_kernel() {
  if (!builder_) return;
  expressions_.reset();
  builder_.reset();
  program_.kernels.push_back(std::move(*kernel_));
}

void KernelWriter::run(const std::vector<Loop::Member>& outermost) {
  for (std::size_t k = 0; k < outermost.size(); ++k) {
    const Loop* const l = outermost[k].loop.get();
    const bool alone = l && may_be_cut(*l);
    if (!builder_ || builder_->statements() > largest_kernel || options_.kernel_of_each_loop || alone) {
      end_kernel();
      begin_kernel();
    }
    if (l)
      loop(*l);
    else
      item(outermost[k].item);
    if (!alone) continue;
    end_kernel();
    cut_into_blocks(program_, storage_, {k, l->extent, options_.block_work, width_});
  }
  end_kernel();
}

// Whether a loop may have enough to do for several threads: not if it is known to be short.
bool KernelWriter::may_be_cut(const Loop& l) {
  const auto iterations = program_.sizes.known(l.extent);
  if (l.circle || l.unrolled || (iterations && *iterations < 2)) return false;
  std::vector<std::size_t> inside;
  collect(l, inside);
  double most = 0;
  for (std::size_t i : inside) {
    double points = 1;
    const auto add = [&](Index index) {
      const auto extent = extents_.known(index.dim);
      points *= extent ? static_cast<double>(*extent) : std::numeric_limits<double>::infinity();
    };
    for (const Axis& axis : items_[i].axes) add(axis.index);
    for (Expr e : reachable_nodes(roots_of(items_[i])))
      most += points * (e->kind == ExprKind::reduce ? 30 : 3);
  }
  return most >= static_cast<double>(options_.block_work);
}

void KernelWriter::collect(const Loop& loop, std::vector<std::size_t>& items) const {
  for (const Loop::Member& member : loop.members) {
    if (member.loop)
      collect(*member.loop, items);
    else
      items.push_back(member.item);
  }
}

void KernelWriter::begin_item(const Item& item) {
  const Scalar element = storage_.element(item.tensor);
  expressions_->begin_item(is_real(element) ? element
                           : options_.f32   ? Scalar::f32
                                            : Scalar::f64,
                           loops_, loop_depths_, loop_indices_);
  for (std::size_t k = 0; k < std::min(item.axes.size(), loop_indices_.size()); ++k) {
    Value at = loop_indices_[k];
    if (loops_[k]->circle)
      if (const std::int64_t shift =
              loops_[k]->phases.at(static_cast<std::size_t>(&item - items_.data())).shift)
        at = builder_->compute(Op::sub, {at, builder_->integer(shift)});
    expressions_->bind(item.axes[k].index, at);
  }
}

std::vector<Value> KernelWriter::positions(const Item& item, std::size_t count) {
  std::vector<Value> at;
  for (std::size_t k = 0; k < count; ++k)
    at.push_back(expressions_->evaluate(
        c_.position(Index::slot(static_cast<std::int32_t>(k), c_.tensor(item.tensor).dims[k]))));
  return at;
}

// The body once for each position, which is a known number there.
void KernelWriter::unrolled(const Loop& l) {
  for (std::int64_t at = 0; at < *program_.sizes.known(l.extent); ++at) {
    loop_indices_.push_back(builder_->integer(at));
    loops_.push_back(&l);
    loop_depths_.push_back(builder_->depth());
    body(l);
    loop_depths_.pop_back();
    loops_.pop_back();
    loop_indices_.pop_back();
  }
}

// Of terms to be added to memory: whether there are any, if that is known before the loop.
Value KernelWriter::common_guard(const std::vector<std::size_t>& inside) {
  const Expr guard = items_[inside[0]].guard;
  if (!guard || loops_.empty()) return {};
  for (std::size_t i : inside) {
    const Item& item = items_[i];
    if (item.kind != Item::Kind::accumulate || item.in_register() || item.guard != guard) return {};
    if (item.zero_depth() > loops_.size()) return {};
    for (std::size_t k = loops_.size(); k < item.axes.size(); ++k)
      if (guard->depends_on(item.axes[k].index)) return {};
  }
  begin_item(items_[inside[0]]);
  return expressions_->condition(guard);
}

void KernelWriter::loop(const Loop& l) {
  if (l.unrolled) return unrolled(l);
  std::vector<std::size_t> inside;
  collect(l, inside);
  for (std::size_t i : inside) {
    const Item& item = items_[i];
    if (item.kind != Item::Kind::accumulate || item.zero_depth() != loops_.size() || item.in_register())
      continue;
    const Stored& stored = *storage_.computed(item.tensor);
    begin_item(item);
    std::vector<Value> at = positions(item, item.zero_depth());
    at.erase(at.begin(), at.begin() + static_cast<std::ptrdiff_t>(stored.dropped));
    builder_->zero(stored.buffer, std::move(at));
  }
  if (l.while_item) clear_steps(l);
  const std::size_t kept = expressions_->kept(), pending = pending_.size();
  const Value guard = common_guard(inside);
  if (guard.valid()) builder_->begin_if(guard), held_.push_back(guard);
  const Value zero = builder_->integer(0), extent = builder_->size(l.extent);
  const Value times = times_of_steps(l, inside);
  const Value first = times.valid() && !l.up ? builder_->compute(Op::sub, {extent, times}) : zero;
  const Value end = times.valid() && l.up ? times : extent;
  const Value index = builder_->begin_for(first, end, l.lanes);
  const auto down = [&] {
    return builder_->compute(Op::sub, {builder_->compute(Op::sub, {extent, builder_->integer(1)}), index});
  };
  loop_indices_.push_back(l.circle && !l.up ? down() : index);
  loops_.push_back(&l);
  loop_depths_.push_back(builder_->depth());
  if (l.circle) untested_.push_back(loops_.size() - 1);
  expressions_->set_lane(l.lanes > 1 ? index : Value{});
  body(l);
  if (l.while_item) stop_after_last_step(l);
  expressions_->set_lane({});
  if (l.circle) untested_.pop_back();
  loop_depths_.pop_back();
  loops_.pop_back();
  loop_indices_.pop_back();
  builder_->end_for();
  if (guard.valid()) builder_->end_if(), held_.pop_back();
  expressions_->forget_kept(kept);
  for (std::size_t k = pending; k < pending_.size(); ++k) {
    const Item& done = items_[pending_[k].item];
    expressions_->keep(done.tensor, pending_[k].at, pending_[k].sum);
    store(done, pending_[k].at, pending_[k].sum);
  }
  pending_.resize(pending);
}

// A circle over the steps of iterates that have been taken before: how many of its times there is something
// at. Behind the last step, what a circle makes is 0 or read by nobody.
Value KernelWriter::times_of_steps(const Loop& l, const std::vector<std::size_t>& inside) {
  if (!l.circle || l.while_item) return {};
  const std::size_t depth = loops_.size();
  std::set<Expr> asked;  // how many steps there are, of those that conditions inside ask for
  for (std::size_t i : inside) {
    const Axis& axis = items_[i].axes[depth];
    if (!c_.dim(axis.index.dim).of_steps || storage_.is_result(items_[i].tensor)) return {};
    for (Expr access : accesses_of(items_[i])) {
      const TensorId count = c_.tensor(access->tensor).counted_by;
      const auto at = access->arguments();
      if (count.valid() && offset_from(at.back(), axis.index))
        asked.insert(c_.access(count, at.first(at.size() - 1)));
    }
  }
  // Only one that is read inside, and is the same for all that this loop makes, is sure to be there.
  std::map<Expr, Value> counts;
  for (std::size_t i : inside)
    for (Expr access : accesses_of(items_[i])) {
      if (!asked.contains(access) || counts.contains(access)) continue;
      const std::span<const Axis> around(items_[i].axes.data(), depth);
      if (!std::ranges::all_of(access->free, [&](Index index) {
            return std::ranges::find(around, index, &Axis::index) != around.end();
          }))
        continue;
      begin_item(items_[i]);
      counts.emplace(access, expressions_->evaluate(access));
    }
  if (asked.empty() || counts.size() != asked.size()) return {};
  const auto larger = [&](Value a, Value b, bool wanted) {
    return builder_->compute(Op::select,
                             {builder_->compute(Op::less, {a, b}), wanted ? b : a, wanted ? a : b});
  };
  Value most;
  for (const auto& [count, steps] : counts) most = most.valid() ? larger(most, steps, true) : steps;
  std::int64_t latest = 0;
  for (const auto& [item, phase] : l.phases) latest = std::max(latest, phase.shift);
  const Value extent = builder_->size(l.extent);
  return larger(extent, builder_->compute(Op::add, {most, builder_->integer(latest + 1)}), false);
}

// No step is taken before the loop says so; so what reads the condition beyond the last step finds it false.
void KernelWriter::clear_steps(const Loop& l) {
  const Item& item = items_[*l.while_item];
  const Stored& stored = *storage_.computed(item.tensor);
  begin_item(item);
  std::vector<Value> at = positions(item, item.axes.size() - 1);
  at.erase(at.begin(), at.begin() + static_cast<std::ptrdiff_t>(stored.dropped));
  builder_->zero(stored.buffer, std::move(at));
}

// Once all states have the position that the last step leads to, the latest of them too.
void KernelWriter::stop_after_last_step(const Loop& l) {
  const Item& item = items_[*l.while_item];
  const Stored& stored = *storage_.computed(item.tensor);
  const std::size_t depth = loops_.size() - 1;
  std::int64_t latest = l.phases.at(*l.while_item).shift;
  for (const auto& [other, phase] : l.phases)
    if (items_[other].axes[depth].index.dim != item.axes[depth].index.dim)
      latest = std::max(latest, phase.shift);
  begin_item(item);
  std::vector<Value> at = positions(item, item.axes.size() - 1);
  at.push_back(builder_->compute(Op::sub, {loop_indices_.back(), builder_->integer(latest)}));
  at.erase(at.begin(), at.begin() + static_cast<std::ptrdiff_t>(stored.dropped));
  const Value zero = builder_->integer(0), step = at.back();
  const Value known =
      builder_->both(builder_->compute(Op::less_equal, {zero, step}),
                     builder_->compute(Op::less, {step, builder_->size(l.phases.at(*l.while_item).extent)}));
  at.back() = builder_->compute(Op::select, {known, step, zero});
  const Value goes_on = builder_->read(stored.buffer, Scalar::boolean, std::move(at));
  builder_->stop(builder_->both(known, builder_->compute(Op::bit_not, {goes_on})));
}

// The phase that all items of these members have in a loop around them; null if they differ.
const Loop::Phase* KernelWriter::common_phase(const Loop& circle, const Loop::Member* first,
                                              const Loop::Member* end) const {
  std::vector<std::size_t> items;
  for (; first != end; ++first) {
    if (first->loop)
      collect(*first->loop, items);
    else
      items.push_back(first->item);
  }
  const Loop::Phase& phase = circle.phases.at(items[0]);
  return std::ranges::all_of(items, [&](std::size_t i) { return circle.phases.at(i) == phase; }) ? &phase
                                                                                                 : nullptr;
}

// Members side by side of the same phase are asked together whether the time has a position for them.
void KernelWriter::body(const Loop& l) {
  const Loop::Member* const end = l.members.data() + l.members.size();
  for (const Loop::Member* first = l.members.data(); first != end;) {
    const Loop::Member* next = first + 1;
    const auto together = [&] {
      return std::ranges::all_of(untested_, [&](std::size_t k) {
        const Loop::Phase *a = common_phase(*loops_[k], first, first + 1),
                          *b = common_phase(*loops_[k], next, next + 1);
        return a && b && *a == *b;
      });
    };
    while (next != end && !untested_.empty() && together()) ++next;
    in_phase(first, next);
    first = next;
  }
}

void KernelWriter::in_phase(const Loop::Member* first, const Loop::Member* end) {
  std::vector<std::size_t> left;
  Value inside;
  for (std::size_t k : untested_) {
    const Loop& circle = *loops_[k];
    const Loop::Phase* phase = common_phase(circle, first, end);
    if (!phase) {
      left.push_back(k);
      continue;
    }
    const Value at = builder_->compute(Op::sub, {loop_indices_[k], builder_->integer(phase->shift)});
    if (phase->shift > 0)
      inside = builder_->both(inside, builder_->compute(Op::less_equal, {builder_->integer(0), at}));
    if (program_.sizes.combine(Size::Kind::add, phase->extent, program_.sizes.constant(phase->shift)) !=
        circle.extent)
      inside = builder_->both(inside, builder_->compute(Op::less, {at, builder_->size(phase->extent)}));
  }
  std::swap(untested_, left);
  const std::size_t kept = expressions_->kept();
  if (inside.valid()) builder_->begin_if(inside);
  for (; first != end; ++first) {
    if (first->loop)
      loop(*first->loop);
    else
      item(first->item);
  }
  if (inside.valid()) {
    builder_->end_if();
    expressions_->forget_kept(kept);
  }
  std::swap(untested_, left);
}

void KernelWriter::item(std::size_t number) {
  const Item& item = items_[number];
  begin_item(item);
  switch (item.kind) {
    case Item::Kind::assign: return assign(item);
    case Item::Kind::accumulate: return accumulate(number);
    case Item::Kind::product: return product(item);
    case Item::Kind::routine: return routine(item);
  }
}

void KernelWriter::store(const Item& item, std::vector<Value> at, Value value) {
  const Stored& stored = *storage_.computed(item.tensor);
  if (!stored.buffer.valid()) return;
  at.erase(at.begin(), at.begin() + static_cast<std::ptrdiff_t>(stored.dropped));
  builder_->store(stored.buffer, std::move(at), value);
}

void KernelWriter::assign(const Item& item) {
  const Value value = expressions_->evaluate(item.value);
  if (const BufferId buffer = storage_.computed(item.tensor)->buffer; buffer.valid())
    expressions_->check_stored(item.value, value, program_.buffer(buffer).element);
  const std::vector<Value> at = positions(item, item.axes.size());
  expressions_->keep(item.tensor, at, value);
  store(item, at, value);
}

void KernelWriter::accumulate(std::size_t number) {
  const Item& item = items_[number];
  Value mask = expressions_->condition(item.guard);
  if (std::ranges::find(held_, mask) != held_.end()) mask = {};
  std::vector<Value> at;
  const Tensor& t = c_.tensor(item.tensor);
  for (std::size_t k = 0; k < item.place.size(); ++k) {
    at.push_back(expressions_->evaluate(item.place[k]));
    if (Ranges().fits(item.place[k], t.dims[k])) continue;
    // What lands outside lands on no element.
    const Value size = builder_->size(extents_.of(t.dims[k]));
    mask = builder_->both(mask, builder_->compute(Op::less_equal, {builder_->integer(0), at[k]}));
    mask = builder_->both(mask, builder_->compute(Op::less, {at[k], size}));
  }
  const ExpressionWriter::Term term = expressions_->term(item.value, mask);
  if (item.in_register()) {
    const Value nothing = builder_->identity(Combine::add, builder_->type(term.first));
    pending_.push_back({number, at, builder_->reduce(Combine::add, nothing, term.first, mask, term.second)});
    return;
  }
  const Stored& stored = *storage_.computed(item.tensor);
  at.erase(at.begin(), at.begin() + static_cast<std::ptrdiff_t>(stored.dropped));
  builder_->accumulate(stored.buffer, std::move(at), term.first, mask, term.second);
}

Value KernelWriter::product_of(std::span<const SizeId> sizes) {
  return builder_->size(program_.sizes.product(sizes));
}

Gemm::Operand KernelWriter::operand(Expr access, std::span<const Index> rows,
                                    std::span<const Index> columns) {
  const TensorId id = access->tensor;
  const Stored* stored = storage_.computed(id);
  const std::size_t dropped = stored ? stored->dropped : 0;
  const std::vector<SizeId> extents = extents_.of_tensor(id);
  const auto stride = [&](std::size_t axis) { return product_of(std::span(extents).subspan(axis + 1)); };
  Value offset = builder_->integer(0), row_stride, column_stride;
  bool rows_contiguous = false;
  for (std::size_t axis = 0; axis < extents.size(); ++axis) {
    const Index index = access->arguments()[axis]->index;
    const auto in = [&](std::span<const Index> group) {
      return std::ranges::find(group, index) != group.end();
    };
    // A group's step is that of its last index.
    if (index == rows.back()) row_stride = stride(axis);
    if (index == columns.back()) column_stride = stride(axis), rows_contiguous = axis + 1 == extents.size();
    if (in(rows) || in(columns) || axis < dropped) continue;
    const Value at = expressions_->evaluate(access->arguments()[axis]);
    offset = builder_->compute(Op::add, {offset, builder_->compute(Op::mul, {at, stride(axis)})});
  }
  GRADC_CHECK(row_stride.valid() && column_stride.valid(), "a matrix without rows or columns");
  return {stored ? stored->buffer : storage_.argument(id), offset, row_stride, column_stride,
          rows_contiguous};
}

void KernelWriter::product(const Item& item) {
  const Contraction& p = item.product;
  const auto count = [&](std::span<const Index> group) { return builder_->size(extents_.of(group)); };
  const Expr c = c_.access_by_slots(item.tensor);
  if (std::ranges::find(p.columns, c->arguments().back()->index) == p.columns.end()) {
    // C' = B'·A'
    builder_->multiply({count(p.columns), count(p.rows), count(p.inner), operand(p.b, p.columns, p.inner),
                        operand(p.a, p.inner, p.rows), operand(c, p.columns, p.rows), false, options_.fma});
    return;
  }
  builder_->multiply({count(p.rows), count(p.columns), count(p.inner), operand(p.a, p.rows, p.inner),
                      operand(p.b, p.inner, p.columns), operand(c, p.rows, p.columns), false, options_.fma});
}

Block2 KernelWriter::block(Expr access, const Item& item) {
  const TensorId id = access->tensor;
  const Stored* stored = storage_.computed(id);
  const std::size_t dropped = stored ? stored->dropped : 0;
  Block2 made{stored ? stored->buffer : storage_.argument(id), {}, extents_.of_tensor(id)};
  made.extents.erase(made.extents.begin(),
                     made.extents.begin() + static_cast<std::ptrdiff_t>(item.axes.size()));
  for (std::size_t k = dropped; k < item.axes.size(); ++k)
    made.lead.push_back(expressions_->evaluate(access->arguments()[k]));
  return made;
}

void KernelWriter::routine(const Item& item) {
  std::vector<Block2> arguments, results;
  for (Expr access : item.arguments) arguments.push_back(block(access, item));
  for (TensorId t : item.results) results.push_back(block(c_.access_by_slots(t), item));
  MatrixWriter(*builder_, program_, options_, width_).run(*item.routine, arguments, results);
}

}  // namespace gradc::kernel
