// Equations in several lines, and circles: each line is checked as an equation of its own, with the dims of
// the whole circle in place, and the lines of one name become one definition that chooses by position.
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

// Integer arithmetic of shifted positions in one form: (t - 1) + 1 is t.
Expr tidied(Expr value) {
  return rewrite(value, [](Expr e) {
    if (e->type != gradc::Type::integer || e->kind != gradc::ExprKind::apply || e->free.empty()) return e;
    const std::optional<Affine> form = affine_form(e);
    return form ? form->to_expr(*e->context) : e;
  });
}

bool is_condition(const Program& program, ExprId id) {
  const syntax::ExprKind& kind = program[id].kind;
  if (const Binary* b = std::get_if<Binary>(&kind))
    return b->op == BinaryOp::logical_and || b->op == BinaryOp::logical_or;
  if (const Unary* u = std::get_if<Unary>(&kind)) return u->op == UnaryOp::logical_not;
  if (const Reduction* r = std::get_if<Reduction>(&kind))
    return r->op == ReductionOp::any || r->op == ReductionOp::all;
  return std::holds_alternative<Compare>(kind);
}

}  // namespace

bool Checker::declare_recurrence(Recurrence& r) {
  bool good = read_lines(r);
  if (good) {
    guess_shapes(r);
    spread_bases(r);
    for (Recurrence::Member& m : r.members)
      for (std::size_t k = 0; k < m.axes.size(); ++k) good = settle_extent(r, m, k) && good;
  }
  if (good) {
    choose_dims(r);
    // With the dims of the left sides in place.
    bool open = false;
    for (Recurrence::Member& m : r.members)
      if (std::ranges::any_of(*m.further, [](DimId dim) { return !dim.valid(); })) {
        m.further.reset();
        open = true;
      }
    if (open) guess_shapes(r);
  }
  const bool constant = good && reads_constants_only(r);
  for (Recurrence::Member& m : r.members) {
    Entity& entity = names_.all()[m.entity];
    entity.progress = Progress::done;
    entity.shape = Shape::failed();
    if (!good) continue;
    const Line& first = r.lines[m.lines.front()];
    Shape shape;
    shape.constant = constant;
    shape.type = is_condition(program_, first.value) ? gradc::Type::boolean : gradc::Type::real;
    for (const Recurrence::Axis& axis : m.axes) shape.dims.push_back(axis.dim);
    shape.dims.insert(shape.dims.end(), m.further->begin(), m.further->end());
    if (first.left && first.left->member_of.valid()) {
      const auto dim = dim_named(first.left->member_of, "`" + text(entity.name.text) + "[…] in …`");
      if (!dim) continue;
      shape.type = gradc::Type::integer;
      shape.member_of = *dim;
    }
    gradc::Tensor tensor{.name = text(entity.name.text),
                         .type = shape.type,
                         .dims = shape.dims,
                         .declared = entity.name.range,
                         .member_of = shape.member_of};
    if (!check_size(tensor)) continue;
    entity.tensor = context_.add_tensor(std::move(tensor));
    entity.shape = shape;
  }
  return good;
}

// Where a kink's operand cannot be reached from what varies: nothing that the circle reads can be.
bool Checker::reads_constants_only(const Recurrence& r) {
  std::set<const Entity*> seen;
  std::vector<const Entity*> pending;
  for (const Recurrence::Member& m : r.members) pending.push_back(&names_.all()[m.entity]);
  while (!pending.empty()) {
    const Entity* e = pending.back();
    pending.pop_back();
    if (!seen.insert(e).second) continue;
    const bool inside = std::ranges::any_of(
        r.members, [&](const Recurrence::Member& m) { return &names_.all()[m.entity] == e; });
    if (!inside && e->kind != EntityKind::function) {
      if (e->kind != EntityKind::dim && !e->shape.constant) return false;
      continue;
    }
    Entity::Place own{e->statement, e->item};
    std::vector<Entity::Place> places{own};
    places.insert(places.end(), e->more.begin(), e->more.end());
    for (const Entity::Place& place : places) {
      const Statement& s = program_.statements[place.statement];
      std::set<TextId> local;
      if (const Equation* equation = std::get_if<Equation>(&s.kind))
        for (const Local& l : equation->tail.locals)
          for (const Left& left : l.lefts) local.insert(left.name.text);
      for (std::int32_t k = s.first_expr.value; k < s.end_expr.value; ++k) {
        const Name* name = std::get_if<Name>(&program_[ExprId{k}].kind);
        const auto* call = std::get_if<syntax::Call>(&program_[ExprId{k}].kind);
        if (call || (name && !local.contains(name->name)))
          if (const Entity* found = names_.find(name ? name->name : call->callee.text))
            pending.push_back(found);
      }
    }
  }
  return true;
}

void Checker::check_recurrence(Recurrence& r) {
  for (Line& line : r.lines) {
    Frame& frame = new_frame(FrameKind::equation, line.statement);
    const Entity& entity = names_.all()[line.entity];
    frame.entity = line.entity;
    frame.name = text(entity.name.text);
    frame.range = line.left ? line.left->name.range : entity.name.range;
    frame.line = &line;
    frame.tail = line.tail;
    frame.roots = {line.value};
    frame.integer = entity.shape.is_integer();
    frame.member_of = entity.shape.member_of;
    mark(frame);
    run_frames();
  }
  bool good = true;
  for (Recurrence::Member& m : r.members) {
    Entity& entity = names_.all()[m.entity];
    for (std::size_t l : m.lines) good = good && !r.lines[l].failed;
    if (!good) entity.shape = Shape::failed();
  }
  for (Recurrence::Member& m : r.members)
    if (good) good = merge_lines(r, m);
  for (Recurrence::Member& m : r.members)
    if (!good) names_.all()[m.entity].shape = Shape::failed();
  if (good) check_falls(r);
}

// The left side of a line: its indices, with the ranges that the circle has given them.
void Checker::declare_line(Frame& frame) {
  for (const LeftAxis& axis : frame.line->axes) {
    if (axis.kind != LeftAxis::Kind::index) continue;
    const auto scope = static_cast<std::int32_t>(frame.scopes.size()) - 1;
    const std::size_t variable = add_variable(frame, scope, {axis.name, range(axis.at)}, true);
    frame.variables[variable].axis = &axis;
    frame.variables[variable].used = true;
    frame.scopes.push_back({scope, variable});
  }
  frame.left_variables = frame.variables.size();
  for (const syntax::Binder& binder : frame.tail->ranges)
    if (!frame.variable(static_cast<std::int32_t>(frame.scopes.size()) - 1, binder.name.text)) {
      reports_.add(DiagnosticCode::E225, binder.name.range,
                   "`for` states the range of an index of the left side, and `" + text(binder.name.text) +
                       "` is none");
      frame.failed = true;
    }
}

void Checker::resolve_by_line(Frame& frame, IndexVariable& v) {
  const LeftAxis& axis = *v.axis;
  const std::string name = text(v.name.text);
  v.index = context_.fresh_index(axis.dim, name);
  v.lower = axis.lower;
  v.upper = axis.upper;
  v.resolved = true;
  for (const IndexVariable::Use& use : v.uses)
    if (axis.dim.valid() && !may_subscript(axis.dim, use.dim)) {
      report_dims(use.at, axis.dim, "the index `" + name + "`", use.dim, use.of,
                  "`" + name + "` ranges over `" + dim_name(axis.dim) + "`", "",
                  {{v.name.range, "on the left side"}});
      v.failed = frame.failed = true;
      return;
    }
}

void Checker::finish_line(Frame& frame) {
  Line& line = *frame.line;
  line.failed = true;
  const Entity& entity = names_.all()[frame.entity];
  if (frame.failed || entity.shape.error) return;
  const ExprId root = frame.roots[0];
  const std::vector<DimId>& dims = entity.shape.dims;
  const Shape& shape = frame[root].shape;
  std::size_t own = 0;
  while (own < line.rank() && line.axes[own].kind != LeftAxis::Kind::whole) ++own;
  const std::vector<DimId> wanted(dims.begin() + static_cast<std::ptrdiff_t>(own), dims.end());
  if (shape.is_condition() != entity.shape.is_condition()) {
    entity.shape.is_condition() ? need_condition(frame, root) : need_number(frame, root);
    return;
  }
  if (frame.integer && !need_integer(frame, root, "a member of `" + dim_name(frame.member_of) + "`")) return;
  if (!shape.dims.empty()) {
    bool same = shape.dims.size() == wanted.size();
    for (std::size_t k = 0; same && k < wanted.size(); ++k)
      if (!same_dim(wanted[k], shape.dims[k])) {
        report_dims(range(root), wanted[k], "`" + frame.name + "`", shape.dims[k], "its value");
        return;
      }
    if (!same) {
      reports_.add(
          DiagnosticCode::E205, range(root),
          "`" + frame.name + "` is " + shown(dims) + ", and the value of this line " + shown(shape.dims), "",
          wanted.empty() ? "" : "its axes behind the left side are " + shown(wanted));
      return;
    }
  }
  Expr value = shape.is_condition() ? in_dims(frame, root, wanted)
               : frame.integer      ? as_integer(frame, root)
                                    : as_real(frame, root, wanted);
  IndexMap map;
  const auto slot = [&](std::size_t k) {
    return context_.position(Index::slot(static_cast<std::int32_t>(k), dims[k]));
  };
  std::vector<Expr> conditions;
  std::size_t variable = 0;
  bool shifted = false;
  for (std::size_t k = 0; k < own; ++k) {
    const LeftAxis& axis = line.axes[k];
    if (axis.kind == LeftAxis::Kind::position) {
      conditions.push_back(equal(slot(k), axis.offset));
      continue;
    }
    const bool still = axis.offset->is_constant(0);
    shifted = shifted || !still;
    map.emplace_back(frame.variables[variable++].index,
                     still ? slot(k) : affine_form(slot(k) - axis.offset)->to_expr(context_));
    const auto first = extent_form(axis.lower + axis.offset), end = extent_form(axis.upper + axis.offset),
               all = extent_form(context_.size(dims[k]));
    if (!first->is_constant() || first->constant != 0)
      conditions.push_back(less_equal(first->to_expr(context_), slot(k)));
    if (!(*end == *all)) conditions.push_back(less(slot(k), end->to_expr(context_)));
  }
  for (std::size_t k = 0; k < wanted.size(); ++k) map.emplace_back(axis(k, wanted[k]), slot(own + k));
  value = substitute(value, map);
  line.result = shifted ? tidied(value) : value;
  if (!conditions.empty()) line.condition = conjunction(context_, conditions);
  line.failed = frame.failed;
}

bool Checker::merge_lines(Recurrence& r, Recurrence::Member& m) {
  Entity& entity = names_.all()[m.entity];
  if (!check_cover(r, m)) return false;
  // Single positions first, in the order of the file; the line with the most indices is what remains.
  std::vector<std::size_t> order = m.lines;
  const auto indices = [&](std::size_t l) {
    return std::ranges::count(r.lines[l].axes, LeftAxis::Kind::index, &LeftAxis::kind);
  };
  std::ranges::stable_sort(order, {}, indices);
  Expr value = r.lines[order.back()].result;
  for (std::size_t k = order.size() - 1; k-- > 0;)
    value = choose(r.lines[order[k]].condition, r.lines[order[k]].result, value);
  Definition definition{
      .tensor = entity.tensor, .rule = Define{value}, .origin = {.range = entity.name.range}};
  definition.index_names.resize(entity.shape.dims.size());
  for (std::size_t l : m.lines)
    for (std::size_t k = 0; k < r.lines[l].rank(); ++k)
      if (r.lines[l].axes[k].kind == LeftAxis::Kind::index && definition.index_names[k].empty())
        definition.index_names[k] = text(r.lines[l].axes[k].name);
  if (definition.index_names.empty() ||
      std::ranges::all_of(definition.index_names, [](const std::string& s) { return s.empty(); }))
    definition.index_names.clear();
  system_.add(std::move(definition));
  return true;
}

}  // namespace gradc::sema
