// The work list: frames that run, wait for others, and end as a definition or a function instance.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/sema/checker.h"
#include "compiler/support/check.h"
#include "compiler/support/overloaded.h"

namespace gradc::sema {

using namespace syntax;
using gradc::Type;

Frame& Checker::new_frame(FrameKind kind, std::size_t statement) {
  const Statement& s = program_.statements[statement];
  frames_.push_back(std::make_unique<Frame>());
  Frame& frame = *frames_.back();
  frame.kind = kind;
  frame.range = s.range;
  frame.first = s.first_expr;
  frame.nodes.resize(static_cast<std::size_t>(s.end_expr.value - s.first_expr.value));
  return frame;
}

void Checker::start_equation(Entity& entity) {
  entity.progress = Progress::active;
  Frame& frame = new_frame(FrameKind::equation, entity.statement);
  frame.entity = static_cast<std::size_t>(&entity - names_.all().data());
  frame.name = text(entity.name.text);
  frame.range = entity.name.range;
  const auto tail = [&](const Tail& t) { frame.tail = &t; };
  const auto named = [&](ExprId value, const Tail& t) {
    frame.roots = {value};
    tail(t);
  };
  std::visit(overloaded{[&](const Equation& e) {
                          named(e.value, e.tail);
                          const Left& left = e.lefts[entity.item];
                          frame.left = &left.subscripts;
                          if (e.lefts.size() > 1) start_tuple(frame, e);
                          if (!left.member_of.valid()) return;
                          frame.integer = true;
                          if (const auto dim = dim_named(left.member_of, "`" + frame.name + "[…] in …`"))
                            frame.member_of = *dim;
                          else
                            frame.failed = true;
                        },
                        [&](const Minimize& m) { named(m.value, m.tail); },
                        [&](const Penalty& p) { named(p.value, p.tail); },
                        [&](const Metric& m) { named(m.value, m.tail); },
                        [](const auto&) { GRADC_UNREACHABLE("an equation's statement"); }},
             program_.statements[entity.statement].kind);
  if (!frame.roots.empty()) mark(frame);
}

Checker::Inferred Checker::demand(Entity& entity, SourceRange use) {
  switch (entity.progress) {
    case Progress::done: return entity.shape;
    case Progress::active: report_circle(entity, use); return Shape::failed();
    case Progress::untouched: break;
  }
  if (entity.kind == EntityKind::tensor)
    start_noise(entity);
  else
    start_equation(entity);
  return std::nullopt;
}

// The frames from the entity's own upwards wait for each other.
void Checker::report_circle(const Entity& entity, SourceRange use) {
  const auto id = static_cast<std::size_t>(&entity - names_.all().data());
  std::string path;
  std::vector<Label> notes;
  bool inside = false;
  for (const auto& frame : frames_) {
    const bool named = frame->kind == FrameKind::equation || frame->kind == FrameKind::noise;
    const bool one_of_several = frame->tuple && std::ranges::any_of(*frame->tuple, [&](const Left& l) {
                                  return l.name.text == entity.name.text;
                                });
    inside = inside || (named && (frame->entity == id || one_of_several));
    if (!inside || !named) continue;
    path += "`" + (one_of_several ? text(entity.name.text) : frame->name) + "` → ";
    if (frame->range != use && frame->entity != id) notes.push_back({frame->range, "`" + frame->name + "`"});
    frame->failed = true;
  }
  const std::string name = text(entity.name.text);
  reports_.add(DiagnosticCode::E210, use, "`" + name + "` depends on itself: " + path + "`" + name + "`",
               "here the circle closes", "an equation states a value; it does not change one",
               std::move(notes));
}

// A member of a dim that is given: an integer, and where no size is in it, one that comes out whole.
bool Checker::need_whole(Frame& frame, ExprId root) {
  if (!need_integer(frame, root, "a member of a dim")) return false;
  const gradc::Expr value = as_integer(frame, root);
  const auto nodes = reachable_nodes(value);
  const bool of_numbers = std::ranges::all_of(
      nodes, [](gradc::Expr e) { return e->is_constant() || e->kind == gradc::ExprKind::apply; });
  if (!of_numbers || fixed_value(value)) return !frame.failed;
  reports_.add(DiagnosticCode::E214, range(root), "a member of a dim is an integer",
               "this does not come out whole");
  return false;
}

// A value that is wanted before training reads something that is not known then.
void Checker::report_not_given(Frame& frame, ExprId root) {
  SourceRange at = range(root);
  std::string what = "something that is not";
  for (std::size_t k = 0; k < frame.nodes.size(); ++k) {
    const ExprId id{frame.first.value + static_cast<std::int32_t>(k)};
    const Name* name = std::get_if<Name>(&program_[id].kind);
    const Entity* entity =
        name && frame.nodes[k].needed && !frame.nodes[k].shape.constant ? names_.find(name->name) : nullptr;
    if (!entity || range(id).begin < at.begin || range(id).end > at.end) continue;
    what = described(*entity, program_).substr(described(*entity, program_).find(' ') + 1) + " `" +
           text(name->name) + "`";
    at = range(id);
    break;
  }
  reports_.add(DiagnosticCode::E409, at,
               "a value that is known before training is needed, and this reads the " + what, "",
               "numbers, sizes and consts with values are known beforehand");
}

void Checker::run_frames() {
  while (!frames_.empty()) step(*frames_.back());
}

void Checker::step(Frame& frame) {
  const std::size_t before = reports_.size();
  run_on(frame);
  if (frame.called)
    reports_.change_from(before, [&](Diagnostic& d) {
      if (!holds_for_all_arguments(d.code)) name_call(frame, d.notes);
    });
  if (frame.finished) frames_.pop_back();
}

// The shape of one node; false: another frame was started and has to end first.
bool Checker::settle(Frame& frame, ExprId id) {
  if (!frame[id].needed || frame[id].inferred) return true;
  const Inferred shape = infer(frame, id);
  if (!shape) return false;
  frame[id].shape = *shape;
  frame[id].inferred = true;
  frame.failed = frame.failed || shape->error;
  return true;
}

void Checker::run_on(Frame& frame) {
  const std::size_t depth = frames_.size();
  if (frame.has_body) {  // a function whose derivatives were being made
    if (start_deriv(frame)) return;
    state_derivatives(frame);
    frame.finished = true;
    return;
  }
  for (; frame.cursor < frame.nodes.size(); ++frame.cursor)
    if (!settle(frame, {frame.first.value + static_cast<std::int32_t>(frame.cursor)})) {
      GRADC_CHECK(frames_.size() > depth, "a frame waits for nothing");
      return;
    }
  if (!frame.failed) report_unused(frame);
  if (!frame.failed) resolve_indices(frame, 0, frame.variables.size());
  if (!frame.failed)
    for (std::size_t k = 0; k < frame.nodes.size(); ++k)
      if (frame.nodes[k].needed && !frame.nodes[k].value)
        build(frame, {frame.first.value + static_cast<std::int32_t>(k)});
  if (!frame.failed) check_positions(frame);
  switch (frame.kind) {
    case FrameKind::equation: frame.line ? finish_line(frame) : finish_equation(frame); break;
    case FrameKind::noise: finish_noise(frame); break;
    case FrameKind::function:
      finish_function(frame);
      if (start_deriv(frame)) return;
      state_derivatives(frame);
      break;
    case FrameKind::stated: finish_deriv(frame); break;
    case FrameKind::given:
      for (ExprId root : frame.roots) {
        if (frame.failed || !need_number(frame, root)) continue;
        if (!frame[root].shape.constant) {
          report_not_given(frame, root);
          continue;
        }
        if (!need_scalar(frame, root, "a given value")) continue;
        if (frame.type == Type::integer && !need_whole(frame, root)) continue;
        closed_.push_back(frame.type == Type::integer ? as_integer(frame, root) : as_real(frame, root));
      }
      if (closed_.size() != frame.roots.size()) closed_.clear();
      break;
    case FrameKind::claim: finish_claim(frame); break;
    case FrameKind::condition:
      if (!frame.failed && need_condition(frame, frame.roots[0]) &&
          need_scalar(frame, frame.roots[0], "a check"))
        closed_.push_back(frame[frame.roots[0]].value);
      break;
  }
  frame.finished = true;
}

// Slot k stands for the left side's index k, then for the axes of the value.
gradc::Expr Checker::by_slots(Frame& frame, gradc::Expr value, const std::vector<DimId>& dims,
                              std::vector<DimId>& all_dims) {
  IndexMap map;
  for (std::size_t k = 0; k < frame.left_variables; ++k) {
    const Index index = frame.variables[k].index;
    map.emplace_back(index,
                     context_.position(Index::slot(static_cast<std::int32_t>(all_dims.size()), index.dim)));
    all_dims.push_back(index.dim);
  }
  for (std::size_t k = 0; k < dims.size(); ++k) {
    map.emplace_back(axis(k, dims[k]),
                     context_.position(Index::slot(static_cast<std::int32_t>(all_dims.size()), dims[k])));
    all_dims.push_back(dims[k]);
  }
  return substitute(value, map);
}

// The dims of the right side, after those declared on the left have met them.
std::optional<std::vector<DimId>> Checker::stated_dims(ExprId root, const std::vector<DimId>& dims,
                                                       const std::vector<DimId>& declared,
                                                       const std::string& name) {
  if (!declared.empty()) {
    bool same = dims.size() == declared.size();
    if (dims.empty()) return declared;
    for (std::size_t k = 0; same && k < dims.size(); ++k) same = same_dim(dims[k], declared[k]);
    if (!same && dims.size() == declared.size()) {
      const auto [wanted, found] =
          std::ranges::mismatch(declared, dims, [&](DimId a, DimId b) { return same_dim(a, b); });
      report_dims(range(root), *wanted, "`" + name + "`", *found, "its value");
      return std::nullopt;
    }
    if (!same) {
      reports_.add(DiagnosticCode::E205, range(root),
                   "`" + name + "` is declared " + shown(declared) + ", and its value is " + shown(dims));
      return std::nullopt;
    }
    return declared;
  }
  for (DimId dim : dims)
    if (is_array_dim(dim)) {
      reports_.add(DiagnosticCode::E220, range(root), "the dims of this array are not stated", "",
                   "state them on the left, with declared dims: `" + name + "[A, B] = …`");
      return std::nullopt;
    }
  return dims;
}

void Checker::finish_equation(Frame& frame) {
  if (frame.tuple) return finish_tuple(frame);
  Entity& entity = names_.all()[frame.entity];
  entity.progress = Progress::done;
  entity.shape = Shape::failed();
  if (frame.failed) return;
  const ExprId root = frame.roots[0];
  const auto dims = right_dims(frame);
  if (!dims) return;
  Shape shape = frame[root].shape;
  if (frame.member_of.valid() &&
      !need_integer(frame, root, "a member of `" + dim_name(frame.member_of) + "`"))
    return;
  if (shape.literal && !frame.integer) shape.type = Type::real;
  const bool wide = shape.is_integer() && !frame.member_of.valid() && !shape.member_of.valid() &&
                    Magnitudes().of(as_integer(frame, root)) > Magnitudes::of_memory;
  if (wide && !needed_as_integer(frame.name)) shape.type = Type::real;
  gradc::Tensor tensor{.name = frame.name,
                       .type = shape.type,
                       .dims = {},
                       .declared = entity.name.range,
                       .member_of = frame.member_of,
                       .wide = wide && shape.is_integer()};
  const gradc::Expr value = shape.is_condition() ? in_dims(frame, root, *dims)
                            : shape.is_integer() ? as_integer(frame, root)
                                                 : as_real(frame, root, *dims);
  Definition definition{.tensor = {},
                        .rule = Define{by_slots(frame, value, *dims, tensor.dims)},
                        .origin = {.range = frame.range}};
  if (!check_size(tensor)) return;
  for (std::size_t k = 0; k < frame.left_variables; ++k)
    definition.index_names.push_back(text(frame.variables[k].name.text));
  if (frame.left_variables > 0) definition.index_names.resize(tensor.rank());
  shape.dims = tensor.dims;
  shape.literal = false;
  if (frame.member_of.valid()) shape.member_of = frame.member_of;
  tensor.member_of = shape.is_integer() ? shape.member_of : DimId{};
  entity.shape = shape;
  entity.tensor = root_alone(frame, definition.define()->value, tensor);
  if (entity.tensor.valid()) return;
  entity.tensor = definition.tensor = context_.add_tensor(std::move(tensor));
  if (!takes_over_call(definition)) system_.add(std::move(definition));
  if (frame.across_batch) model_.statistics.push_back(entity.tensor);
}

void Checker::add_auxiliary(Frame& frame, Definition definition) {
  if (in_function(frame) && !frame.in_system)
    frame.auxiliary.push_back(std::move(definition));
  else
    system_.add(std::move(definition));
}

}  // namespace gradc::sema
