// Subscripts out of range. A mistake is told only with an example: positions that the indices take, that the
// guards on the way let through, and at which the subscript misses its axis. What depends on data is left to
// those who read the data.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/sema/checker.h"
#include "compiler/sema/position_term.h"

namespace gradc::sema {

using namespace syntax;
using gradc::Expr;

namespace {

// One index that an example has to place.
struct Placed {
  Index index;
  std::string name;
  PositionTerm lower, upper;
};

struct Search {
  std::vector<Placed> placed;                         // those whose ranges others use come first
  std::vector<std::pair<PositionTerm, bool>> guards;  // and what they have to be
  PositionTerm subscript, size;
  int budget = 5000;

  // An example of what goes wrong, or nothing.
  bool misses(Positions& at) {
    at.indices.clear();
    return place(at, 0);
  }

 private:
  bool place(Positions& at, std::size_t k) {
    if (k == placed.size()) return fails(at);
    const auto first = placed[k].lower.at(at), end = placed[k].upper.at(at);
    if (!first || !end) return false;
    constexpr std::int64_t near = 4;
    for (std::int64_t p = *first; p < *end && budget > 0; ++p) {
      // Of a long range, its ends: what is affine misses there first.
      if (p == *first + near && *end - near > p) p = *end - near;
      at.indices.emplace_back(placed[k].index, p);
      if (place(at, k + 1)) return true;
      at.indices.pop_back();
    }
    return false;
  }
  bool fails(const Positions& at) {
    --budget;
    for (const auto& [guard, wanted] : guards) {
      const auto holds = guard.at(at);
      if (!holds || (*holds != 0) != wanted) return false;
    }
    bool undefined = false;
    const auto value = subscript.at(at, &undefined);
    const auto length = size.at(at);
    return undefined || (value && length && (*value < 0 || *value >= *length));
  }
};

}  // namespace

// A range of numbers that cannot be meant: beyond 2^62, or from a greater one down to a smaller one.
void Checker::check_range(Frame& frame, const IndexVariable& v) {
  const Expr first = v.on_left ? context_.integer(0) : as_integer(frame, v.stated->first);
  const Expr last = v.on_left ? size_expression(v.stated->last, &frame) : as_integer(frame, v.stated->last);
  if (!last || !last->free.empty() || !first->free.empty()) return;
  bool numbers = true;
  for (Expr end : {first, last})
    for (Expr e : reachable_nodes(end)) {
      const bool fixed_size = e->kind == gradc::ExprKind::size && fixed_value(e);
      if (e->kind != gradc::ExprKind::constant && e->kind != gradc::ExprKind::apply && !fixed_size) return;
      numbers = numbers && !fixed_size;
    }
  const auto low = PositionTerm(first, system_).at({}), high = PositionTerm(last, system_).at({});
  const SourceRange at = cover(range(v.stated->first), range(v.stated->last));
  constexpr std::int64_t most = std::int64_t{1} << 62;
  if (!low || !high || *low < -most || *high > most)
    reports_.add(
        DiagnosticCode::E218, at,
        "the range of `" + text(v.name.text) + "` has an end that is no whole number, or beyond 2^62", "",
        "`/` has to come out whole here; `div(a, b)` rounds down");
  else if (numbers && *high < *low - 1)  // sizes may make a range empty
    reports_.add(DiagnosticCode::E218, at,
                 "the range of `" + text(v.name.text) + "` goes from " + std::to_string(*low) + " down to " +
                     std::to_string(*high),
                 "", "ranges count upwards, both ends included; `0..-1` is empty");
  else
    return;
  frame.failed = true;
}

void Checker::check_positions(Frame& frame) {
  for (const IndexVariable& v : frame.variables)
    if (v.stated && !v.stated->is_dim()) check_range(frame, v);
  if (frame.failed) return;
  const std::set<const LocalName*> always = locals_always_read(frame);
  const auto only_sometimes = [&](ExprId id) {
    const LocalName* local = frame.local_around(id);
    return local && !always.contains(local);
  };
  std::vector<bool> in_part(frame.nodes.size(), false);  // of names: only some of its elements are read
  for (std::size_t k = 0; k < frame.nodes.size(); ++k) {
    if (!frame.nodes[k].needed) continue;
    const ExprId id{frame.first.value + static_cast<std::int32_t>(k)};
    const auto* subscript = std::get_if<Subscript>(&program_[id].kind);
    if (!subscript) continue;
    const std::vector<DimId>& dims = frame[subscript->base].shape.dims;
    for (std::size_t j = 0; j < subscript->subscripts.size(); ++j) {
      const ExprId at = subscript->subscripts[j];
      const Expr value = as_integer(frame, at);
      if (value->kind == gradc::ExprKind::position && value->index.dim.valid() &&
          same_dim(value->index.dim, dims[j]))
        continue;
      in_part[static_cast<std::size_t>(subscript->base.value - frame.first.value)] = true;
      if (!only_sometimes(id)) check_position(frame, id, at, value, dims[j]);
    }
  }
  for (std::size_t k = 0; k < frame.nodes.size(); ++k) {
    const NodeInfo& info = frame.nodes[k];
    if (!info.needed) continue;
    const ExprId id{frame.first.value + static_cast<std::int32_t>(k)};
    const auto* name = std::get_if<Name>(&program_[id].kind);
    const bool of_file = name && !frame.parameters.contains(name->name) && !frame.local(name->name);
    Entity* entity = of_file ? names_.find(name->name) : nullptr;
    if (!entity) continue;
    entity->read = true;
    entity->read_whole =
        entity->read_whole || (info.guard < 0 && !in_part[k] && !only_sometimes(id) && !in_function(frame));
  }
}

void Checker::check_position(Frame& frame, ExprId access, ExprId at, Expr value, DimId dim) {
  Search search{.placed = {},
                .guards = {},
                .subscript = PositionTerm(value, system_),
                .size = PositionTerm(context_.size(dim), system_)};
  if (!search.subscript.is_known()) return;
  std::set<Index> wanted(value->free.begin(), value->free.end());
  std::size_t depth = 0;
  for (std::int32_t g = frame[access].guard; g >= 0; g = frame.guards[static_cast<std::size_t>(g)].parent) {
    const Guard& guard = frame.guards[static_cast<std::size_t>(g)];
    const Expr condition = frame[guard.condition].value;
    if (++depth > 32) return;
    wanted.insert(condition->free.begin(), condition->free.end());
    search.guards.emplace_back(PositionTerm(condition, system_), guard.holds);
  }
  // From the innermost outwards: the range of an index may use those around it.
  for (std::size_t k = frame.variables.size(); k-- > 0;) {
    const IndexVariable& v = frame.variables[k];
    if (!wanted.contains(v.index)) continue;
    Expr lower = v.lower, upper = v.upper;
    if (!lower && v.stated && !v.stated->is_dim()) {
      lower = as_integer(frame, v.stated->first);
      upper = context_.apply(op_add, {as_integer(frame, v.stated->last), context_.integer(1)});
    }
    if (!lower || !upper) return;
    for (Expr end : {lower, upper}) wanted.insert(end->free.begin(), end->free.end());
    search.placed.push_back(
        {v.index, text(v.name.text), PositionTerm(lower, system_), PositionTerm(upper, system_)});
  }
  std::ranges::reverse(search.placed);
  if (search.placed.size() != wanted.size()) return;  // a whole-tensor axis among them

  Positions sizes;
  for (const Placed& p : search.placed)
    for (Expr end : {p.lower.expr(), p.upper.expr()}) collect_run_time_dims(context_, end, sizes.sizes);
  collect_run_time_dims(context_, value, sizes.sizes);
  collect_run_time_dims(context_, context_.size(dim), sizes.sizes);
  for (const auto& [guard, _] : search.guards) collect_run_time_dims(context_, guard.expr(), sizes.sizes);
  // Sizes that the data will bring: it has to go wrong for each of these, told with the last of them.
  Positions example;
  const std::int64_t samples[][2] = {{1, 0}, {2, 0}, {40, -1}, {9, 7}, {3, 2}, {4, 0}};
  for (const auto& [base, step] : samples) {
    std::int64_t next = base;
    for (auto& [_, size] : sizes.sizes) size = std::max<std::int64_t>(std::exchange(next, next + step), 1);
    search.budget = 5000;
    if (!search.misses(sizes)) {
      // Right for these sizes only: to be tested on those that come.
      if (!example.sizes.empty() && value->free.empty() && frame[access].guard < 0 &&
          frame.kind == FrameKind::equation)
        model_.checks.push_back(
            {both(less_equal(context_.integer(0), value), less(value, context_.size(dim))), range(at)});
      return;
    }
    example = sizes;
    if (sizes.sizes.empty()) break;
  }

  std::string where;
  const auto add = [&](const std::string& name, std::int64_t number) {
    where += (where.empty() ? " where `" : " and `") + name + "` is " + std::to_string(number);
  };
  for (const auto& [id, size] : example.sizes) add(dim_name(id), size);
  for (std::size_t k = 0; k < example.indices.size(); ++k)
    if (value->depends_on(example.indices[k].first)) add(search.placed[k].name, example.indices[k].second);
  bool undefined = false;
  const auto position = search.subscript.at(example, &undefined);
  std::vector<Label> notes;
  if (undefined || !position) {
    name_call(frame, notes);
    told_positions_.push_back({frame.kind == FrameKind::equation ? std::optional(frame.entity) : std::nullopt,
                               {DiagnosticCode::E214,
                                "a subscript is no whole number, or beyond 2^63",
                                {range(at), "no integer" + where},
                                std::move(notes),
                                "`/` has to come out whole here; `div(a, b)` rounds down"}});
    return;
  }
  const std::int64_t length = *search.size.at(example);
  const gradc::Dim& axis = context_.dim(dim);
  const std::string of = shown(std::get<Subscript>(program_[access].kind).base, "this value");
  const std::string positions = length == 1 ? "one position" : std::to_string(length) + " positions";
  // What a recurrence reads of itself is needed for whatever is read of it.
  const auto* base = std::get_if<Name>(&program_[std::get<Subscript>(program_[access].kind).base].kind);
  const bool own = frame.kind == FrameKind::equation && base && !frame.local(base->name) &&
                   names_.find(base->name) == &names_.all()[frame.entity];
  notes.push_back({axis.declared, is_array_dim(dim)        ? "this axis has " + positions
                                  : !example.sizes.empty() ? "`" + axis.name + "` is declared here"
                                                           : "`" + axis.name + "` has " + positions});
  name_call(frame, notes);
  told_positions_.push_back(
      {frame.kind == FrameKind::equation && !own ? std::optional(frame.entity) : std::nullopt,
       {DiagnosticCode::E215,
        "position " + std::to_string(*position) + " of " + of + " is out of range",
        {range(at), where.empty() ? "" : "this is " + std::to_string(*position) + where},
        std::move(notes),
        length == 0 ? "" : "positions count from 0 to " + std::to_string(length - 1)}});
}

// An equation of which only elements are read, or under conditions, may miss where nothing reads it.
void Checker::report_positions() {
  for (auto& [entity, diagnostic] : told_positions_) {
    if (entity && names_.all()[*entity].read && !names_.all()[*entity].read_whole) continue;
    reports_.add(diagnostic.code, diagnostic.at.range, diagnostic.message, diagnostic.at.text,
                 diagnostic.help, diagnostic.notes);
  }
}

}  // namespace gradc::sema
