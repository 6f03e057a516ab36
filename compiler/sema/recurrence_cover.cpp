// Whether the lines of a name define each of its positions once, and whether circles fall.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/operators/circle.h"
#include "compiler/sema/checker.h"

namespace gradc::sema {

using namespace syntax;
using gradc::Expr;

namespace {

// From, and up to but without.
struct Interval {
  Affine first, end;
};

// a < b for all large sizes; ends of lines are numbers, sizes and sums of the two.
std::optional<bool> before(const Affine& a, const Affine& b) {
  const Affine rest = b + -1 * a;
  if (rest.sizes.empty()) return rest.constant > 0;
  bool up = true, down = true;
  for (const auto& [_, factor] : rest.sizes) up = up && factor > 0, down = down && factor < 0;
  return up ? std::optional(true) : down ? std::optional(false) : std::nullopt;
}

}  // namespace

std::string Checker::shown(const Affine& position) const {
  std::string result;
  for (const auto& [dim, factor] : position.sizes)
    result +=
        (result.empty() ? "" : " + ") + (factor == 1 ? "" : std::to_string(factor) + "*") + dim_name(dim);
  if (result.empty()) return std::to_string(position.constant);
  if (position.constant)
    result += (position.constant > 0 ? " + " : " - ") + std::to_string(std::abs(position.constant));
  return result;
}

bool Checker::check_cover(Recurrence& r, Recurrence::Member& m) {
  const Entity& entity = names_.all()[m.entity];
  const std::string name = text(entity.name.text);
  const std::size_t rank = m.axes.size();
  std::vector<std::vector<Interval>> intervals(m.lines.size(), std::vector<Interval>(rank));
  std::vector<std::vector<Affine>> marks(rank);
  for (std::size_t k = 0; k < rank; ++k) {
    const Affine all = *extent_form(context_.size(m.axes[k].dim));
    marks[k] = {Affine{}};
    if (!(all == Affine{})) marks[k].push_back(all);
    for (std::size_t l = 0; l < m.lines.size(); ++l) {
      const Line& line = r.lines[m.lines[l]];
      Interval& i = intervals[l][k];
      i.end = all;
      if (k < line.rank() && line.axes[k].kind == LeftAxis::Kind::position) {
        i.first = *extent_form(line.axes[k].offset);
        i.end = *extent_form(line.axes[k].offset + 1);
      } else if (k < line.rank() && line.axes[k].kind == LeftAxis::Kind::index) {
        i.first = *extent_form(line.axes[k].lower + line.axes[k].offset);
        i.end = *extent_form(line.axes[k].upper + line.axes[k].offset);
      }
      if (before(i.first, Affine{}) != std::optional(false)) {
        reports_.add(DiagnosticCode::E215, range(line.axes[k].at),
                     "position " + shown(i.first) + " of `" + name + "` is out of range",
                     "positions count from 0");
        return false;
      }
      for (const Affine& mark : {i.first, i.end})
        if (std::ranges::find(marks[k], mark) == marks[k].end()) marks[k].push_back(mark);
    }
    for (const Affine& a : marks[k])
      for (const Affine& b : marks[k])
        if (!before(a, b)) {
          reports_.add(DiagnosticCode::E234, entity.name.range,
                       "whether positions " + shown(a) + " and " + shown(b) + " of `" + name +
                           "` are in order cannot be told");
          return false;
        }
    std::ranges::sort(marks[k], [](const Affine& a, const Affine& b) { return *before(a, b); });
  }
  // Between the marks, every cell belongs to one line.
  std::vector<std::size_t> cell(rank, 0);
  for (;;) {
    std::vector<std::size_t> lines;
    for (std::size_t l = 0; l < m.lines.size(); ++l) {
      bool inside = true;
      for (std::size_t k = 0; inside && k < rank; ++k)
        inside = !*before(marks[k][cell[k]], intervals[l][k].first) &&
                 *before(marks[k][cell[k]], intervals[l][k].end);
      if (inside) lines.push_back(m.lines[l]);
    }
    if (lines.size() != 1) {
      std::string at;
      for (std::size_t k = 0; k < rank; ++k) {
        std::string position = shown(marks[k][cell[k]]);
        if (marks[k].size() == 2)
          for (std::size_t l : m.lines)
            if (k < r.lines[l].rank() && r.lines[l].axes[k].kind == LeftAxis::Kind::index)
              position = text(r.lines[l].axes[k].name);
        at += (k ? ", " : "") + position;
      }
      if (lines.empty()) {
        reports_.add(DiagnosticCode::E232, entity.name.range, "no line defines `" + name + "[" + at + "]`",
                     "", "add a line for it, or state the ranges of the others");
      } else {
        const SourceRange first = r.lines[lines[0]].left->name.range;
        reports_.add(DiagnosticCode::E233, r.lines[lines[1]].left->name.range,
                     "`" + name + "[" + at + "]` is defined twice", "the second definition",
                     "one position has one definition", {{first, "the first definition"}});
      }
      return false;
    }
    std::size_t k = 0;
    while (k < rank && ++cell[k] + 1 >= marks[k].size()) cell[k++] = 0;
    if (k == rank) return true;
  }
}

// A circle that comes back to where it started has no value. What only data can tell is tested on them.
void Checker::check_falls(Recurrence& r) {
  System circle(context_);
  for (const Definition& d : system_.definitions()) circle.add(d);
  std::vector<TensorId> own;
  for (const Recurrence::Member& m : r.members) own.push_back(names_.all()[m.entity].tensor);
  for (const std::vector<std::size_t>& group : strongly_connected(circle)) {
    const bool ours = std::ranges::any_of(group, [&](std::size_t i) {
      return std::ranges::find(own, circle.definitions()[i].tensor) != own.end();
    });
    if (!ours || !is_circle(circle, group)) continue;
    const Fall fall = falls(circle, group);
    for (const Fall::Check& check : fall.checks)
      add_fall_check(circle.definitions()[group[check.member]], check);
    if (fall.falls) continue;
    std::vector<std::string> names;
    std::vector<Label> notes;
    SourceRange at = circle.definitions()[group.front()].origin.range;
    for (std::size_t i : group) {
      const Definition& d = circle.definitions()[i];
      const std::string name = context_.tensor(d.tensor).name;
      if (!names_.find(name)) continue;
      if (names.empty())
        at = d.origin.range;
      else
        notes.push_back({d.origin.range, "`" + name + "` is part of it"});
      names.push_back(name);
    }
    reports_.add(DiagnosticCode::E230, at,
                 names.size() == 1
                     ? "`" + names[0] + "` depends on itself, and not on earlier or later positions alone"
                     : listed(names) + " depend on each other, and not on earlier or later positions alone",
                 "no axis is found along which this circle falls",
                 "in a recurrence, `t + 1` reads `t`, or `t` reads `t + 1`, along one axis after another",
                 std::move(notes));
    for (const Recurrence::Member& m : r.members) names_.all()[m.entity].shape = Shape::failed();
  }
}

// parent[b] < b, wherever the circle reads there: a check of the model.
void Checker::add_fall_check(const Definition& definition, const Fall::Check& check) {
  const std::vector<DimId>& dims = context_.tensor(definition.tensor).dims;
  IndexMap map;
  std::vector<gradc::Binder> binders;
  for (std::size_t k = 0; k < dims.size(); ++k) {
    const Index slot = Index::slot(static_cast<std::int32_t>(k), dims[k]);
    const Index index = context_.fresh_index(dims[k]);
    map.emplace_back(slot, context_.position(index));
    binders.push_back({index, context_.integer(0), context_.size(dims[k])});
  }
  for (gradc::Binder b : check.reference.binders) {
    b.lower = substitute(b.lower, map);
    b.upper = substitute(b.upper, map);
    binders.push_back(b);
  }
  Expr later;
  for (Expr s : check.later->arguments())
    if (s->kind == gradc::ExprKind::position) later = s;
  Expr holds = less(check.later, later);
  for (const auto& [condition, wanted] : check.reference.conditions)
    holds = either(wanted ? negate(condition) : condition, holds);
  holds = substitute(holds, map);
  std::erase_if(binders, [&](const gradc::Binder& b) { return !holds->depends_on(b.index); });
  if (!binders.empty()) holds = context_.reduce(reduce_all, binders, context_.boolean(true), holds);
  for (const gradc::Check& known : model_.checks)
    if (known.condition == holds) return;
  model_.checks.push_back({holds, definition.origin.range});
}

}  // namespace gradc::sema
