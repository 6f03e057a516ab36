// The axes of equations in several lines and of circles: how many positions they have, and which dims their
// indices range over, from the left sides and from what the indices subscript.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <set>

#include "compiler/operators/build.h"
#include "compiler/sema/checker.h"
#include "compiler/sema/children.h"

namespace gradc::sema {

using namespace syntax;

namespace {

// a <= b for all large sizes; nothing where that cannot be told.
std::optional<bool> at_most(const Affine& a, const Affine& b) {
  const Affine rest = b + -1 * a;
  if (!rest.indices.empty()) return std::nullopt;
  if (rest.sizes.empty()) return rest.constant >= 0;
  bool up = true, down = true;
  for (const auto& [_, factor] : rest.sizes) up = up && factor > 0, down = down && factor < 0;
  return up ? std::optional(true) : down ? std::optional(false) : std::nullopt;
}

}  // namespace

DimId Checker::base_dim(DimId dim) const {
  auto found = base_of_.find(dim);
  return found == base_of_.end() ? dim : found->second;
}

// An index of `index` is always a position of an axis `axis`: the same dim, or one that has more positions.
bool Checker::may_subscript(DimId index, DimId axis) const {
  return same_dim(index, axis) || (axis.valid() && base_of_.contains(axis) && base_of_.at(axis) == index);
}

// An integer expression of sizes as an affine form, with axes of more positions written out.
std::optional<Affine> Checker::extent_form(gradc::Expr size) const {
  std::optional<Affine> form = affine_form(size);
  if (!form) return std::nullopt;
  for (const auto& [dim, factor] : std::map(form->sizes))
    if (base_of_.contains(dim)) {
      const std::optional<Affine> longer = affine_form(context_.dim(dim).size);
      if (!longer) return std::nullopt;
      form->sizes.erase(dim);
      *form = *form + factor * *longer;
    }
  return form;
}

bool Checker::read_lines(Recurrence& r) {
  bool good = true;
  for (Recurrence::Member& m : r.members) {
    const Entity& e = names_.all()[m.entity];
    std::vector<Entity::Place> places{{e.statement, e.item}};
    places.insert(places.end(), e.more.begin(), e.more.end());
    for (const Entity::Place& place : places) {
      Line line{.entity = m.entity, .statement = place.statement, .item = place.item};
      const auto take = [&](ExprId value, const Tail& tail) {
        line.value = value;
        line.tail = &tail;
      };
      std::visit(overloaded{[&](const Equation& q) {
                              take(q.value, q.tail);
                              line.left = &q.lefts[place.item];
                              if (q.lefts.size() == 1) return;
                              reports_.add(DiagnosticCode::E230, q.lefts[0].name.range,
                                           "`" + text(line.left->name.text) +
                                               "` is part of a circle, and has no "
                                               "positions along which it could fall",
                                           "it stands for one of several values");
                              good = false;
                            },
                            [&](const Minimize& q) { take(q.value, q.tail); },
                            [&](const Penalty& q) { take(q.value, q.tail); },
                            [&](const Metric& q) { take(q.value, q.tail); }, [](const auto&) {}},
                 program_.statements[place.statement].kind);
      m.lines.push_back(r.lines.size());
      r.lines.push_back(std::move(line));
    }
  }
  for (Recurrence::Member& m : r.members) {
    // `T` is a position where another line has an index or a number, else an axis without index.
    std::size_t rank = 0;
    std::vector<bool> named(64, false);
    const auto is_dim = [&](const LeftSubscript& s) {
      const Name* name = std::get_if<Name>(&program_[s.at].kind);
      const Entity* entity = name ? names_.find(name->name) : nullptr;
      return entity && entity->kind == EntityKind::dim && !s.range;
    };
    for (std::size_t l : m.lines)
      if (const Left* left = r.lines[l].left)
        for (std::size_t k = 0; k < left->subscripts.size() && k < named.size(); ++k)
          named[k] = named[k] || !is_dim(left->subscripts[k]);
    for (std::size_t l : m.lines) {
      Line& line = r.lines[l];
      if (!line.left) continue;
      for (std::size_t k = 0; k < line.left->subscripts.size(); ++k) {
        const LeftSubscript& s = line.left->subscripts[k];
        LeftAxis axis{.at = s.at};
        if (is_dim(s) && !(k < named.size() && named[k]))
          axis.kind = LeftAxis::Kind::whole;
        else
          good = read_left(line, s, axis) && good;
        line.axes.push_back(axis);
      }
      rank = std::max(rank, line.rank());
    }
    m.axes.resize(rank);
  }
  return good;
}

// A sum of at most one index and of sizes and numbers.
bool Checker::read_left(const Line& line, const LeftSubscript& subscript, LeftAxis& axis) {
  std::vector<std::pair<ExprId, bool>> pending{{subscript.at, false}};
  axis.kind = LeftAxis::Kind::position;
  axis.offset = context_.integer(0);
  const auto refuse = [&] {
    reports_.add(DiagnosticCode::E231, range(subscript.at),
                 "a position on the left side is an index, a shifted index, or fixed", "this is none",
                 "`t`, `t + 1`, `0` and `T` are such positions");
    return false;
  };
  while (!pending.empty()) {
    const auto [id, negative] = pending.back();
    pending.pop_back();
    const syntax::ExprKind& kind = program_[id].kind;
    const Binary* sum = std::get_if<Binary>(&kind);
    if (sum && (sum->op == BinaryOp::add || sum->op == BinaryOp::subtract)) {
      pending.emplace_back(sum->right, negative != (sum->op == BinaryOp::subtract));
      pending.emplace_back(sum->left, negative);
      continue;
    }
    const Name* name = std::get_if<Name>(&kind);
    const Entity* entity = name ? names_.find(name->name) : nullptr;
    if (name && (!entity || entity->kind != EntityKind::dim)) {
      if (axis.name.valid() || negative) return refuse();
      axis.kind = LeftAxis::Kind::index;
      axis.name = name->name;
      continue;
    }
    std::vector<ExprId> names{id};
    bool of_sizes = true;
    while (!names.empty()) {
      const syntax::Expr& e = program_[names.back()];
      names.pop_back();
      const Name* inner = std::get_if<Name>(&e.kind);
      const Entity* size = inner ? names_.find(inner->name) : nullptr;
      of_sizes = of_sizes && (!inner || (size && size->kind == EntityKind::dim));
      for_each_child(e, [&](ExprId child) { names.push_back(child); });
    }
    if (!of_sizes) return refuse();
    const gradc::Expr part = size_expression(id);
    if (!part) return false;
    axis.offset = negative ? axis.offset - part : axis.offset + part;
  }
  if (const auto number = fixed_value(axis.offset)) axis.offset = context_.integer(*number);
  if (axis.kind != LeftAxis::Kind::index) return true;
  axis.stated = subscript.range;
  for (const syntax::Binder& binder : line.tail->ranges)
    if (binder.name.text == axis.name && !axis.stated) axis.stated = binder.range;
  if (!axis.stated) return true;
  if (axis.stated->is_dim()) {
    const auto dim = axis_dim(axis.stated->first, "the range of `" + text(axis.name) + "`");
    if (dim) axis.base = *dim;
    return dim.has_value();
  }
  const gradc::Expr first = size_expression(axis.stated->first), last = size_expression(axis.stated->last);
  if (!first || !last) return false;
  axis.lower = first;
  axis.upper = last + 1;
  return true;
}

// The dims of a name's axes, as far as they are known now.
DimId Checker::known_axis(Recurrence& r, TextId name, std::size_t k, Recurrence::Axis** own) {
  Entity* entity = names_.find(name);
  if (!entity) return {};
  Recurrence::Member* member = r.member(entity, names_.all());
  if (!member) return k < entity->shape.dims.size() ? entity->shape.dims[k] : DimId{};
  if (k < member->axes.size()) {
    if (own) *own = &member->axes[k];
    return member->axes[k].dim;
  }
  k -= member->axes.size();
  return member->further && k < member->further->size() ? (*member->further)[k] : DimId{};
}

namespace {

struct IndexUse {
  TextId of;
  std::size_t axis;
  bool alone;
};

bool names_index(const Program& program, ExprId root, TextId index) {
  std::vector<ExprId> stack{root};
  while (!stack.empty()) {
    const ExprId id = stack.back();
    stack.pop_back();
    if (const Name* name = std::get_if<Name>(&program[id].kind); name && name->name == index) return true;
    if (std::holds_alternative<Subscript>(program[id].kind)) continue;  // a member that it selects
    for_each_child(program[id], [&](ExprId child) { stack.push_back(child); });
  }
  return false;
}

// Where an index of the left side is a subscript, alone or shifted, of something that bears a name of the
// file.
std::vector<IndexUse> uses_of(const Program& program, const Line& line, TextId index) {
  std::vector<IndexUse> uses;
  std::vector<ExprId> stack{line.value};
  std::set<TextId> local;
  for (const Local& l : line.tail->locals) {
    stack.push_back(l.value);
    for (const Left& left : l.lefts) local.insert(left.name.text);
  }
  while (!stack.empty()) {
    const ExprId id = stack.back();
    stack.pop_back();
    for_each_child(program[id], [&](ExprId child) { stack.push_back(child); });
    const Subscript* s = std::get_if<Subscript>(&program[id].kind);
    const Name* base = s ? std::get_if<Name>(&program[s->base].kind) : nullptr;
    if (!base || local.contains(base->name)) continue;
    for (std::size_t k = 0; k < s->subscripts.size(); ++k) {
      const syntax::ExprKind& at = program[s->subscripts[k]].kind;
      const Name* name = std::get_if<Name>(&at);
      if (name && name->name == index) uses.push_back({base->name, k, true});
      const Binary* sum = std::get_if<Binary>(&at);
      if (sum && (sum->op == BinaryOp::add || sum->op == BinaryOp::subtract) &&
          names_index(program, s->subscripts[k], index))
        uses.push_back({base->name, k, false});
    }
  }
  return uses;
}

}  // namespace

// What an index subscripts it ranges over, through the circle: gone round until nothing more is known.
void Checker::spread_bases(Recurrence& r) {
  for (bool progress = true; progress;) {
    progress = false;
    const auto learn = [&](DimId& unknown, DimId dim) {
      if (unknown.valid() || !dim.valid()) return;
      unknown = base_dim(dim);
      progress = true;
    };
    for (Recurrence::Member& m : r.members)
      for (std::size_t l : m.lines)
        for (std::size_t k = 0; k < r.lines[l].rank(); ++k) {
          LeftAxis& axis = r.lines[l].axes[k];
          if (axis.kind == LeftAxis::Kind::whole) {
            const Name* name = std::get_if<Name>(&program_[axis.at].kind);
            if (const Entity* dim = name ? names_.find(name->name) : nullptr) learn(m.axes[k].base, dim->dim);
          }
          if (axis.kind != LeftAxis::Kind::index || axis.lower) continue;
          for (const IndexUse& use : uses_of(program_, r.lines[l], axis.name)) {
            Recurrence::Axis* own = nullptr;
            const DimId dim = known_axis(r, use.of, use.axis, &own);
            if (own) {
              learn(axis.base, own->base);
              learn(own->base, axis.base);
            } else if (use.alone) {
              learn(axis.base, dim);
            }
          }
          learn(axis.base, m.axes[k].base);
          learn(m.axes[k].base, axis.base);
        }
  }
}

bool Checker::settle_extent(Recurrence& r, Recurrence::Member& m, std::size_t k) {
  Recurrence::Axis& own = m.axes[k];
  const Entity& entity = names_.all()[m.entity];
  std::optional<Affine> end;
  std::string index_name;
  for (std::size_t l : m.lines) {
    Line& line = r.lines[l];
    if (k >= line.rank()) continue;
    LeftAxis& axis = line.axes[k];
    gradc::Expr upper;
    switch (axis.kind) {
      case LeftAxis::Kind::whole: upper = own.base.valid() ? context_.size(own.base) : gradc::Expr(); break;
      case LeftAxis::Kind::position: upper = axis.offset + 1; break;
      case LeftAxis::Kind::index: {
        index_name = text(axis.name);
        if (!axis.lower) {
          if (!axis.base.valid()) {
            reports_.add(DiagnosticCode::E208, range(axis.at),
                         "the range of the index `" + index_name + "` cannot be told",
                         "it subscripts alone nothing but axes of the circle itself",
                         "state it behind the equation: `… for " + index_name + " in D`");
            return false;
          }
          axis.dim = axis.base;
          axis.lower = context_.integer(0);
          axis.upper = context_.size(axis.base);
        }
        upper = axis.upper + axis.offset;
        break;
      }
    }
    const std::optional<Affine> form = upper ? extent_form(upper) : std::nullopt;
    const std::optional<bool> shorter = form && end ? at_most(*form, *end) : std::optional(false);
    if (!form || !shorter) {
      reports_.add(DiagnosticCode::E234, range(axis.at),
                   "how many positions this axis of `" + text(entity.name.text) + "` has cannot be told", "",
                   "state the ranges of its lines in terms of one dim");
      return false;
    }
    if (!end || !*shorter) end = form;
  }
  if (own.base.valid()) {
    const auto base = extent_form(context_.size(own.base));
    if (base && *base == *end) {
      own.extent = context_.size(own.base);
      return true;  // that dim, or one with more positions that an index meets
    }
  }
  own.extent = end->to_expr(context_);
  DimId& longer = longer_[{own.base, own.extent}];
  if (!own.base.valid() || !longer.valid()) {
    const std::string name =
        text(entity.name.text) + "." + (index_name.empty() ? std::to_string(k) : index_name);
    longer = anonymous_dim(name, own.extent, entity.name.range);
    if (own.base.valid()) base_of_[longer] = own.base;
  }
  own.dim = longer;
  return true;
}

// An axis without further positions is that of its dim, unless its index meets only axes with more.
void Checker::choose_dims(Recurrence& r) {
  const auto open_axis = [&](auto visit) {
    for (Recurrence::Member& m : r.members)
      for (std::size_t k = 0; k < m.axes.size(); ++k) {
        if (m.axes[k].dim.valid()) continue;
        for (std::size_t l : m.lines)
          if (k < r.lines[l].rank() && r.lines[l].axes[k].kind == LeftAxis::Kind::index &&
              visit(m.axes[k], r.lines[l], r.lines[l].axes[k]))
            break;
      }
  };
  const auto take = [&](Recurrence::Axis& own, DimId dim) {
    own.dim = dim;
    own.extent = context_.size(dim);
  };
  for (bool progress = true; progress;) {
    progress = false;
    open_axis([&](Recurrence::Axis& own, Line& line, LeftAxis& axis) {
      for (const IndexUse& use : uses_of(program_, line, axis.name)) {
        const DimId dim = known_axis(r, use.of, use.axis, nullptr);
        if (!dim.valid() || (use.alone && dim != own.base) || (!use.alone && !base_of_.contains(dim)))
          continue;
        take(own, own.base);
        return progress = true;
      }
      if (axis.stated) {
        take(own, own.base);
        return progress = true;
      }
      return false;
    });
    if (progress) continue;
    open_axis([&](Recurrence::Axis& own, Line& line, LeftAxis& axis) {
      if (progress) return true;
      for (const IndexUse& use : uses_of(program_, line, axis.name)) {
        const DimId dim = known_axis(r, use.of, use.axis, nullptr);
        if (!use.alone || !dim.valid() || base_dim(dim) != own.base || dim == own.base) continue;
        take(own, dim);
        axis.dim = dim;
        axis.upper = context_.size(dim);
        return progress = true;
      }
      return false;
    });
  }
  for (Recurrence::Member& m : r.members)
    for (Recurrence::Axis& own : m.axes)
      if (!own.dim.valid()) take(own, own.base);
  // Nor has the index of a base case its dim alone, `y[0, j] = 1`, if nothing in its line says so.
  for (Recurrence::Member& m : r.members)
    for (std::size_t l : m.lines)
      for (std::size_t k = 0; k < r.lines[l].rank(); ++k) {
        LeftAxis& axis = r.lines[l].axes[k];
        if (axis.kind != LeftAxis::Kind::index || axis.stated || !axis.offset->is_constant(0) ||
            !base_of_.contains(m.axes[k].dim) || axis.dim == m.axes[k].dim)
          continue;
        const auto uses = uses_of(program_, r.lines[l], axis.name);
        if (std::ranges::any_of(uses, [&](const IndexUse& use) {
              const DimId dim = known_axis(r, use.of, use.axis, nullptr);
              return dim.valid() && (use.alone ? !base_of_.contains(dim) : base_of_.contains(dim));
            }))
          continue;
        axis.dim = m.axes[k].dim;
        axis.upper = context_.size(axis.dim);
      }
}

}  // namespace gradc::sema
