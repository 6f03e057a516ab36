// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/checkpoint/sweep.h"

#include <algorithm>
#include <cmath>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/support/check.h"

namespace gradc {

namespace {

Index slot(std::size_t k, DimId dim) { return Index::slot(static_cast<std::int32_t>(k), dim); }

// A condition is kept as a number, 1 where it holds: what is kept is put together by sums.
Type kept_type(Type type) { return type == Type::boolean ? Type::real : type; }
Expr as_kept(Expr value) {
  Context& c = *value->context;
  return value->type == Type::boolean ? choose(value, c.real(1), c.real(0)) : value;
}
Expr from_kept(Expr kept, Type type) {
  return type == Type::boolean ? less(kept->context->real(0), kept) : kept;
}

}  // namespace

Expr Sweep::pick(Expr access) {
  const TensorId of = access->tensor;
  const Expr at = access->arguments()[cluster_.time.at(of)];
  auto known = std::ranges::find_if(picks_, [&](const Pick& p) { return p.of == of && p.at == at; });
  const Type type = c_.tensor(of).type;
  if (known == picks_.end())
    known = picks_.insert(known, {of, at, without_time(of, "_at", kept_type(type), loop_of(of))});
  return from_kept(without_time(access, known->tensor), type);
}

// The position is the count itself, or the count behind a test whether the last step was met, which stays.
std::optional<Expr> Sweep::last(Expr access) {
  if (!cluster_.live.valid() || !cluster_.contains(access->tensor)) return std::nullopt;
  const std::size_t axis = cluster_.time.at(access->tensor);
  const Expr at = access->arguments()[axis];
  const bool tested = at->is(op_converged);
  const Expr count = tested ? at->operands[0] : at;
  const auto leads = access->arguments().first(axis);
  if (count->kind != ExprKind::access || count->tensor != c_.tensor(cluster_.live).counted_by ||
      !std::ranges::equal(count->arguments(), leads))
    return std::nullopt;
  const TensorId of = access->tensor;
  const Type type = c_.tensor(of).type;
  auto known = std::ranges::find(lasts_, of, &Last::of);
  if (known == lasts_.end())
    known = lasts_.insert(known, {of, without_time(of, "_last", kept_type(type), loop(false))});
  const Expr value = from_kept(without_time(access, known->tensor), type);
  return tested ? choose(less_equal(c_.integer(0), at), value, c_.constant(0, type)) : value;
}

std::optional<Expr> Sweep::total(Expr closed, const OpenedReduction& o) {
  if (const auto known = total_of_.find(closed); known != total_of_.end()) return known->second;
  if (o.op != &reduce_sum && o.op != &reduce_integer_sum) return std::nullopt;
  std::vector<Expr> roots{o.guard, o.body};
  for (const Binder& b : o.binders) roots.push_back(b.lower), roots.push_back(b.upper);
  const std::vector<Expr> nodes = reachable_nodes(roots);
  const auto along = [&](Expr e, Index time) {
    return e->kind == ExprKind::access && cluster_.contains(e->tensor)
               ? offset_from(e->arguments()[cluster_.time.at(e->tensor)], time)
               : std::nullopt;
  };
  Total made{.sum = o, .binder = none, .free = {closed->free.begin(), closed->free.end()}, .reads = {}};
  for (std::size_t k = 0; k < o.binders.size() && made.binder == none; ++k)
    if (std::ranges::any_of(nodes, [&](Expr e) { return along(e, o.binders[k].index).has_value(); }))
      made.binder = k;
  if (made.binder == none || std::ranges::any_of(made.free, [](Index i) { return !i.dim.valid(); }))
    return std::nullopt;
  const Index time = o.binders[made.binder].index;
  for (Expr e : nodes) {
    if (e->kind != ExprKind::access) continue;
    made.late = made.late || cluster_.after.contains(e->tensor);
    if (const auto ahead = along(e, time))
      made.reads.emplace_back(e->tensor, in_time(*ahead));
    else if (cluster_.contains(e->tensor) && !last(e) &&
             !e->arguments()[cluster_.time.at(e->tensor)]->free.empty())
      spill(e->tensor);
  }
  Tensor t{.name = c_.unused_name("sum"), .type = o.op->term};
  std::vector<Expr> at;
  for (Index i : made.free) t.dims.push_back(i.dim), at.push_back(c_.position(i));
  // Only real numbers are added up in a loop; numbers of steps are added behind it, segment by segment.
  if (t.type == Type::real) t.segments = loop(is_backward(made));
  made.tensor = c_.add_tensor(std::move(t));
  lengths_.push_back({o.binders[made.binder].upper, {}, totals_.size()});
  const Expr access = c_.access(made.tensor, at);
  totals_.push_back(std::move(made));
  total_of_.emplace(closed, access);
  return access;
}

bool Sweep::is_backward(const Total& total) const {
  return total.late ||
         std::ranges::any_of(total.reads, [&](const auto& r) { return cluster_.backward.contains(r.first); });
}

// ---- shifts and lengths

// Bellman and Ford, once for each direction.
bool Sweep::solve_shifts() {
  for (bool changed = true; changed;) {
    changed = false;
    for (const Read& r : reads_) {
      const bool late = cluster_.backward.contains(r.reader);
      if (late != cluster_.backward.contains(r.made)) continue;
      std::int64_t& raised = shifts_[late ? r.made : r.reader];
      const std::int64_t least = late ? shift(r.reader) - r.ahead : shift(r.made) + r.ahead;
      if (raised >= least) continue;
      raised = least;
      changed = true;
      if (least > 1024) return false;  // no end: steps that go neither up nor down
    }
  }
  // Times before 0 are not counted.
  std::int64_t earliest = 0;
  for (Total& total : totals_) {
    const bool late = is_backward(total);
    std::optional<std::int64_t> chosen;
    for (const auto& [made, ahead] : total.reads) {
      if (late != cluster_.backward.contains(made)) continue;
      const std::int64_t here = shift(made) + ahead;
      chosen = !chosen ? here : late ? std::min(*chosen, here) : std::max(*chosen, here);
    }
    if (!chosen)
      for (const auto& [made, ahead] : total.reads)
        chosen = std::max(chosen.value_or(shift(made) + ahead), shift(made) + ahead);
    total.shift = late ? *chosen : std::max(*chosen, std::int64_t{0});
    earliest = std::min(earliest, total.shift);
  }
  if (earliest < 0) {
    for (TensorId t : cluster_.backward) shifts_[t] -= earliest;
    for (Total& total : totals_)
      if (is_backward(total)) total.shift -= earliest;
  }
  return true;
}

void Sweep::measure(TensorId made, std::int64_t ahead, bool reader_is_backward) {
  if (cluster_.backward.contains(made))
    before_[made] = std::max(before_[made], ahead);
  else if (ahead < 0)
    behind_[made] = std::max(behind_[made], -ahead);
  else if (reader_is_backward)
    lead_ = std::max(lead_, ahead);
}

bool Sweep::choose_length() {
  std::optional<Affine> longest;
  std::int64_t latest = 0;
  for (const Length& l : lengths_) {
    std::optional<Affine> size = affine_form(l.size);
    if (!size || !size->indices.empty()) return false;
    if (longest && longest->sizes != size->sizes) return false;
    const std::int64_t by = l.total == none ? shift(l.of) : totals_[l.total].shift;
    latest = std::max(latest, cluster_.up ? size->constant + by : by);
    if (!longest || size->constant > longest->constant) longest = size;
  }
  last_ = longest->to_expr(c_) - 1;
  longest->constant = cluster_.up ? latest : longest->constant + latest;
  const bool known = longest->sizes.empty();
  const std::int64_t steps = longest->constant;
  length_ = known ? static_cast<std::int64_t>(std::ceil(std::sqrt(static_cast<double>(steps)))) : 64;
  std::int64_t furthest = lead_;
  for (const auto* of : {&behind_, &before_})
    for (const auto& [t, far] : *of) furthest = std::max(furthest, far);
  if (length_ < 3 || 2 * furthest > length_) return false;
  const Expr whole = longest->to_expr(c_);
  Dim dim{.name = "segments", .kind = Dim::Kind::computed, .anonymous = true, .of_segments = true};
  if (known) {
    const std::int64_t segments = (steps + length_ - 1) / length_;
    dim.kind = Dim::Kind::fixed;
    dim.size = c_.integer(segments);
    pad_ = c_.integer(segments * length_ - steps);
  } else {
    dim.size = floor_div(whole + (length_ - 1), c_.integer(length_));
    pad_ = dim.size * length_ - whole;
  }
  // The first segment of an iterate begins with its first step: a loop ends with the last one.
  if (cluster_.live.valid()) pad_ = c_.integer(0);
  segments_ = c_.add_dim(std::move(dim));
  positions_ = fixed_dim("segment", length_);
  steps_ = fixed_dim("segment", length_);
  copied_positions_ = lead_ == 0 ? positions_ : fixed_dim("segment", length_ + lead_);
  copied_steps_ = lead_ == 0 ? steps_ : fixed_dim("segment", length_ + lead_);
  return true;
}

bool Sweep::settle() {
  if (!solve_shifts()) return false;
  for (const Read& r : reads_)
    measure(r.made, r.ahead + shift(r.made) - shift(r.reader), cluster_.backward.contains(r.reader));
  for (const Total& total : totals_)
    for (const auto& [made, ahead] : total.reads)
      measure(made, ahead + shift(made) - total.shift, is_backward(total));
  if (!choose_length()) return false;
  // Counts of steps are counted where conditions are, and speak of all at that position.
  const auto is_shifted = [](const auto& of) { return of.second != 0; };
  if (cluster_.live.valid() && (!spilled_.empty() || std::ranges::any_of(shifts_, is_shifted))) return false;
  make_tensors();
  return true;
}

DimId Sweep::fixed_dim(const char* name, std::int64_t size) {
  return c_.add_dim({.name = name,
                     .kind = Dim::Kind::fixed,
                     .size = c_.integer(size),
                     .anonymous = true,
                     .of_steps = cluster_.live.valid()});
}

// There is one for each step, and not one position more.
bool Sweep::is_of_steps(TensorId t) const {
  return cluster_.live.valid() &&
         c_.tensor(t).dims[cluster_.time.at(t)] == c_.tensor(cluster_.live).dims.back();
}

bool Sweep::is_of_whole_sweep(TensorId t) const {
  return spilled_.contains(t) || std::ranges::find(totals_, t, &Total::tensor) != totals_.end() ||
         std::ranges::find(picks_, t, &Pick::tensor) != picks_.end() ||
         std::ranges::find(lasts_, t, &Last::tensor) != lasts_.end();
}

// ---- tensors

// The segments come first, so that what is not kept of them is one piece of memory.
TensorId Sweep::cut(TensorId t, DimId length, const char* what, Segments segments) {
  Tensor made{
      .name = c_.unused_name(c_.tensor(t).name + what), .type = c_.tensor(t).type, .dims = c_.tensor(t).dims};
  made.dims[cluster_.time.at(t)] = length;
  made.dims.insert(made.dims.begin(), segments_);
  made.member_of = c_.tensor(t).member_of;
  made.segments = segments;
  return c_.add_tensor(std::move(made));
}

TensorId Sweep::without_time(TensorId t, const char* what, Type type, Segments segments) {
  Tensor made{.name = c_.unused_name(c_.tensor(t).name + what), .type = type, .dims = c_.tensor(t).dims};
  made.dims.erase(made.dims.begin() + static_cast<std::ptrdiff_t>(cluster_.time.at(t)));
  made.segments = segments;
  return c_.add_tensor(std::move(made));
}

void Sweep::make_tensors() {
  for (const auto& [t, axis] : cluster_.time)
    whole_.emplace(t, cut(t, is_of_steps(t) ? steps_ : positions_, "_segment", loop_of(t)));
  for (TensorId t : cluster_.copied)
    copies_.emplace(t, cut(t, is_of_steps(t) ? copied_steps_ : copied_positions_, "_again", loop(true)));
  for (const auto& [t, far] : behind_) ends_.emplace(t, cut(t, fixed_dim("end", far), "_kept", loop(false)));
  for (const auto& [t, far] : before_)
    if (far > 0) starts_.emplace(t, cut(t, fixed_dim("start", far), "_kept", loop(true)));
  // Conditions of steps keep what counts them: of an iterate inside the steps, and of these in each segment.
  for (auto* of : {&whole_, &copies_})
    for (const auto& [t, made] : *of) {
      const TensorId count = c_.tensor(t).counted_by;
      if (!count.valid()) continue;
      const auto cut = of->find(count);
      if (cut != of->end())
        c_.tensor(made).counted_by = cut->second;
      else if (t == cluster_.live)
        c_.tensor(made).counted_by = count_of(made);
    }
}

TensorId Sweep::count_of(TensorId live) {
  Tensor count{.name = c_.unused_name(c_.tensor(live).name + "_steps"),
               .type = Type::integer,
               .dims = c_.tensor(live).dims,
               .segments = c_.tensor(live).segments};
  count.dims.pop_back();
  return c_.add_tensor(std::move(count));
}

// ---- equations

Expr Sweep::element(TensorId cut, Expr access, Expr j, Expr r) {
  std::vector<Expr> at(access->arguments().begin(), access->arguments().end());
  at[cluster_.time.at(access->tensor)] = r;
  at.insert(at.begin(), j);
  return c_.access(cut, at);
}

Expr Sweep::without_time(Expr access, TensorId made) {
  std::vector<Expr> at(access->arguments().begin(), access->arguments().end());
  at.erase(at.begin() + static_cast<std::ptrdiff_t>(cluster_.time.at(access->tensor)));
  return c_.access(made, at);
}

Expr Sweep::read(Expr access, std::int64_t ahead, Stage stage, Expr j, Expr r) {
  const TensorId t = access->tensor;
  const bool made_late = cluster_.backward.contains(t);
  const TensorId here = stage == Stage::forward || made_late ? whole_.at(t) : copies_.at(t);
  const Expr position = ahead == 0 ? r : r + ahead;
  const Expr inside = element(here, access, j, position);
  if (ahead == 0 || (ahead > 0 && !made_late)) return inside;
  if (made_late)
    return choose(less(position, c_.integer(length_)), inside,
                  element(starts_.at(t), access, j + 1, r + (ahead - length_)));
  return choose(less(position, c_.integer(0)),
                element(ends_.at(t), access, j - 1, r + (ahead + behind_.at(t))), inside);
}

Expr Sweep::rebuilt(Expr value, Index time, std::int64_t shift_of_reader, Stage stage, Expr j, Expr r) {
  return rewrite(value, [&](Expr e) {
    if (e->kind != ExprKind::access || !cluster_.contains(e->tensor)) return e;
    const Expr at = e->arguments()[cluster_.time.at(e->tensor)];
    if (const auto ahead = offset_from(at, time))
      return read(e, in_time(*ahead) + shift(e->tensor) - shift_of_reader, stage, j, r);
    if (const auto at_last = last(e)) return *at_last;
    return at->free.empty() ? pick(e) : e;
  });
}

Expr Sweep::position_at(Expr j, Expr r, std::int64_t by) {
  const Expr time = j * length_ + r - (by == 0 ? pad_ : pad_ + by);
  return cluster_.up ? time : last_ - time;
}
Expr Sweep::time_of(Expr position) { return cluster_.up ? position : last_ - position; }

void Sweep::define(System& made, TensorId t, Expr value, Stage stage, const Origin& origin) {
  const TensorId cut = stage == Stage::copy ? copies_.at(t) : whole_.at(t);
  const std::size_t axis = cluster_.time.at(t);
  const std::vector<DimId>& dims = c_.tensor(t).dims;
  const Index time = slot(axis, dims[axis]);
  const Expr j = c_.position(slot(0, segments_)),
             r = c_.position(slot(axis + 1, c_.tensor(cut).dims[axis + 1]));
  const Expr now = position_at(j, r, shift(t));
  value = rebuilt(value, time, shift(t), stage, j, r);
  IndexMap map{{time, now}};
  for (std::size_t k = 0; k < dims.size(); ++k)
    if (k != axis) map.emplace_back(slot(k, dims[k]), c_.position(slot(k + 1, dims[k])));
  value = substitute(value, map);
  const Expr exists = both(less_equal(c_.integer(0), now), less(now, c_.size(dims[axis])));
  made.add({cut, Define{choose(exists, value, c_.constant(0, value->type))}, origin, {}});
}

void Sweep::define_count(System& made, TensorId live) {
  const TensorId count = c_.tensor(live).counted_by;
  const Binder over = c_.over(c_.tensor(live).dims.back(), "r");
  std::vector<Expr> at;
  for (DimId dim : c_.tensor(count).dims) at.push_back(c_.position(slot(at.size(), dim)));
  at.push_back(c_.position(over.index));
  made.add({count,
            Define{gradc::sum(std::span(&over, 1), c_.access(live, at), c_.integer(1))},
            {{}, "steps of a segment"},
            {}});
}

// In the segment where the steps end: all before it are full, so its first step is taken or it is the first.
void Sweep::define_last(System& made, const Last& last) {
  const std::size_t axis = cluster_.time.at(last.of);
  const std::vector<DimId>& dims = c_.tensor(last.of).dims;
  const TensorId live = whole_.at(cluster_.live), kept = ends_.at(cluster_.live);
  const Binder over = c_.over(segments_, "j");
  const Expr j = c_.position(over.index);
  std::vector<Expr> leads{j}, at{j}, before{j - 1};
  for (std::size_t k = 0, own = 0; k < dims.size(); ++k) {
    if (k < axis) leads.push_back(c_.position(slot(k, dims[k]))), before.push_back(leads.back());
    at.push_back(k == axis ? Expr{} : c_.position(slot(own++, dims[k])));
  }
  const Expr steps = c_.access(c_.tensor(live).counted_by, leads);
  at[axis + 1] = steps;
  before.push_back(c_.integer(behind_.at(cluster_.live) - 1));
  const Expr begun = choose(equal(j, c_.integer(0)), c_.boolean(true), c_.access(kept, before));
  const Expr value = as_kept(c_.access(whole_.at(last.of), at));
  made.add({last.tensor,
            Define{gradc::sum(std::span(&over, 1), both(begun, less(steps, c_.integer(length_))), value)},
            {{}, "after the last step"},
            {}});
}

void Sweep::define_edges(System& made) {
  for (const auto* edges : {&ends_, &starts_})
    for (const auto& [t, kept] : *edges) {
      const std::int64_t skipped = edges == &ends_ ? length_ - behind_.at(t) : 0;
      const std::size_t axis = cluster_.time.at(t) + 1;
      std::vector<Expr> at;
      for (DimId dim : c_.tensor(kept).dims) at.push_back(c_.position(slot(at.size(), dim)));
      at[axis] = at[axis] + skipped;
      made.add({kept, Define{c_.access(whole_.at(t), at)}, {{}, "checkpoint"}, {}});
    }
}

void Sweep::define_total(System& made, const Total& total) {
  const bool late = is_backward(total);
  const Stage stage = late ? Stage::backward : Stage::forward;
  Tensor part{.name = c_.unused_name("sum_of_segment"),
              .type = c_.tensor(total.tensor).type,
              .dims = c_.tensor(total.tensor).dims};
  part.dims.insert(part.dims.begin(), segments_);
  part.segments = loop(late);
  const Expr j = c_.position(slot(0, segments_));
  const Index position = c_.fresh_index(positions_, "r");
  const Expr r = c_.position(position);
  const Binder& along = total.sum.binders[total.binder];
  const Expr now = position_at(j, r, total.shift);
  IndexMap map{{along.index, now}};
  for (std::size_t k = 0; k < total.free.size(); ++k)
    map.emplace_back(total.free[k], c_.position(slot(k + 1, total.free[k].dim)));
  const auto made_of = [&](Expr e) {
    return substitute(rebuilt(e, along.index, total.shift, stage, j, r), map);
  };
  OpenedReduction sum{total.sum.op, {}, {}, {}};
  for (std::size_t k = 0; k < total.sum.binders.size(); ++k) {
    const Binder& b = total.sum.binders[k];
    if (k == total.binder)
      sum.binders.push_back({position, c_.integer(0), c_.integer(length_)});
    else
      sum.binders.push_back({b.index, made_of(b.lower), made_of(b.upper)});
  }
  std::vector<Expr> conditions = conjuncts(made_of(total.sum.guard));
  conditions.insert(conditions.begin(),
                    {less_equal(made_of(along.lower), now), less(now, made_of(along.upper))});
  sum.guard = conjunction(c_, conditions);
  sum.body = made_of(total.sum.body);
  const TensorId partial = c_.add_tensor(std::move(part));
  made.add({partial, Define{close(c_, sum)}, {{}, "sum of a segment"}, {}});
  const Binder over = c_.over(segments_, "j");
  std::vector<Expr> at{c_.position(over.index)};
  for (std::size_t k = 0; k < total.free.size(); ++k) at.push_back(c_.position(slot(k, total.free[k].dim)));
  made.add({total.tensor, Define{gradc::sum({over}, c_.access(partial, at))}, {{}, "sum of segments"}, {}});
}

void Sweep::define_pick(System& made, const Pick& pick) {
  const std::size_t axis = cluster_.time.at(pick.of);
  const Expr place = time_of(pick.at) + pad_ + shift(pick.of);
  const Expr segment = floor_div(place, c_.integer(length_)), position = mod(place, c_.integer(length_));
  const Binder over = c_.over(segments_, "j");
  const Expr j = c_.position(over.index);
  std::vector<Expr> at{j};
  const std::vector<DimId>& dims = c_.tensor(pick.of).dims;
  for (std::size_t k = 0, own = 0; k < dims.size(); ++k)
    at.push_back(k == axis ? position : c_.position(slot(own++, dims[k])));
  made.add(
      {pick.tensor,
       Define{gradc::sum(std::span(&over, 1), equal(j, segment), as_kept(c_.access(whole_.at(pick.of), at)))},
       {{}, "pick"},
       {}});
}

// t[…, s, …] = Σ over segments and positions, where time is s.
void Sweep::define_spilled(System& made, TensorId t) {
  const std::size_t axis = cluster_.time.at(t);
  const std::vector<DimId>& dims = c_.tensor(t).dims;
  const Binder j = c_.over(segments_, "j"), r = c_.over(positions_, "r");
  std::vector<Expr> at{c_.position(j.index)};
  for (std::size_t k = 0; k < dims.size(); ++k)
    at.push_back(c_.position(k == axis ? r.index : slot(k, dims[k])));
  const Expr now = position_at(at[0], at[axis + 1], shift(t));
  const std::vector<Binder> both{j, r};
  TensorId kept = t;
  if (c_.tensor(t).type == Type::boolean) {
    kept = c_.add_tensor(
        {.name = c_.unused_name(c_.tensor(t).name + "_kept"), .type = Type::real, .dims = dims});
    made.add({t, Define{from_kept(c_.access_by_slots(kept), Type::boolean)}, {{}, "all segments"}, {}});
  }
  c_.tensor(kept).segments = loop_of(t);
  made.add({kept,
            Define{gradc::sum(both, equal(c_.position(slot(axis, dims[axis])), now),
                              as_kept(c_.access(whole_.at(t), at)))},
            {{}, "all segments"},
            {}});
}

void Sweep::finish(System& made) {
  define_edges(made);
  for (const Total& total : totals_) define_total(made, total);
  for (std::size_t k = 0; k < picks_.size(); ++k) define_pick(made, picks_[k]);
  if (cluster_.live.valid())
    for (const auto* of : {&whole_, &copies_})
      if (const auto live = of->find(cluster_.live); live != of->end()) define_count(made, live->second);
  for (const Last& last : lasts_) define_last(made, last);
  for (TensorId t : spilled_) define_spilled(made, t);
}

}  // namespace gradc
