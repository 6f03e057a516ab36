// The names of a `where`: values over the indices of the left side, each computed once. They may be in any
// order; one that is read before its line is found then.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/equations/walk.h"
#include "compiler/sema/checker.h"

namespace gradc::sema {

using namespace syntax;
using gradc::Expr;
using gradc::Type;

void Checker::declare_locals(Frame& frame) {
  if (!frame.tail) return;
  const auto last_of_left = static_cast<std::int32_t>(frame.scopes.size()) - 1;
  const auto refuse = [&](DiagnosticCode code, const Spelled& name, const std::string& message,
                          const std::string& help, std::optional<Label> other = {}) {
    reports_.add(code, name.range, message, "", help,
                 other ? std::vector<Label>{*other} : std::vector<Label>{});
    frame.failed = true;
  };
  for (const syntax::Local& local : frame.tail->locals) {
    for (std::size_t item = 0; item < local.lefts.size(); ++item) {
      const Left& left = local.lefts[item];
      const std::string quoted = "`" + text(left.name.text) + "`";
      if (left.is_function)
        refuse(DiagnosticCode::E225, left.name, "a `where` defines values, and " + quoted + " is a function",
               "define it on a line of its own");
      else if (text(left.name.text) == "pi")
        refuse(DiagnosticCode::E202, left.name, "`pi` is defined twice", "take another name");
      else if (const LocalName* first = frame.local(left.name.text))
        refuse(DiagnosticCode::E202, left.name, quoted + " is defined twice", "rename one of them",
               Label{first->name.range, "the first definition"});
      else if (frame.parameters.contains(left.name.text) || frame.generic_dims.contains(left.name.text))
        refuse(DiagnosticCode::E202, left.name,
               quoted + " is defined twice: it is a parameter of `" + frame.name + "`", "rename one of them");
      else if (const IndexVariable* index = frame.variable(last_of_left, left.name.text))
        refuse(DiagnosticCode::E206, left.name, "the index " + quoted + " bears the name of a local name",
               "take another letter for the index", Label{index->name.range, "the index"});
      else
        frame.locals.push_back({.name = left.name, .local = &local, .item = item, .first = {}});
    }
    if (local.lefts.size() > 1 && !need_values(frame, local.lefts, local.value)) frame.failed = true;
  }
}

// `scope`: that of the left side.
void Checker::mark_locals(Frame& frame, std::int32_t scope) {
  std::int32_t next = frame.roots.empty() ? frame.first.value : frame.roots.back().value + 1;
  const LocalName* before = nullptr;
  for (LocalName& local : frame.locals) {
    const Left& left = local.local->lefts[local.item];
    const ExprId root = local.local->value;
    const std::string name = text(local.name.text);
    if (local.item > 0) {  // (x, v) = …
      local.first = before->first;
      local.own = local.own_end = before->own_end;
      local.end = before->end;
      before = &local;
      continue;
    }
    before = &local;
    local.first = {next};
    next = root.value + 1;
    local.own = frame.variables.size();
    const std::int32_t inner = declare_subscripts(frame, scope, name, left.subscripts, local.declared_axes);
    local.own_end = frame.variables.size();
    if (left.member_of.valid()) {
      if (const auto dim = dim_named(left.member_of, "`" + name + " in …`", &frame))
        local.member_of = *dim;
      else
        frame.failed = true;
    }
    frame[root].needed = true;
    frame[root].several = local.local->lefts.size() > 1;
    frame[root].scope = inner;
    frame[root].integer = local.member_of.valid();
    mark_below(frame, local.first, root);
    local.end = frame.variables.size();
  }
}

// ---- shapes

Checker::Inferred Checker::infer_local(Frame& frame, ExprId id, LocalName& local) {
  if (std::ranges::find(local.uses, id) == local.uses.end()) local.uses.push_back(id);
  if (local.shape) return *local.shape;
  if (local.active) {
    report_local_circle(frame, local, range(id));
    return Shape::failed();
  }
  local.active = true;
  bool done = true;
  for (std::int32_t k = local.first.value; done && k <= local.local->value.value; ++k)
    done = settle(frame, {k});
  local.active = false;
  if (!done) return std::nullopt;
  local.shape = local_shape(frame, local);
  return *local.shape;
}

Shape Checker::local_shape(Frame& frame, LocalName& local) {
  const ExprId root = local.local->value;
  const std::string name = text(local.name.text);
  Shape shape = local.local->lefts.size() > 1 ? shape_of(frame, root, local.item) : frame[root].shape;
  if (shape.error) return shape;
  const auto fail = [&] {
    frame.failed = true;
    return Shape::failed();
  };
  if (local.member_of.valid()) {
    if (!need_integer(frame, root, "a member of `" + dim_name(local.member_of) + "`")) return fail();
    shape.member_of = local.member_of;
    shape.literal = false;
  }
  const auto dims = stated_dims(root, shape.dims, local.declared_axes, name);
  if (!dims) return fail();
  if (local.own_end > local.own) resolve_indices(frame, local.own, local.end);
  if (frame.failed) return Shape::failed();
  shape.dims.clear();
  for (std::size_t k = local.own; k < local.own_end; ++k) shape.dims.push_back(frame.variables[k].index.dim);
  shape.dims.insert(shape.dims.end(), dims->begin(), dims->end());
  if (!shape.dims.empty() && shape.literal) {
    shape.literal = false;
    shape.type = Type::real;
  }
  return shape;
}

void Checker::report_local_circle(Frame& frame, const LocalName& local, SourceRange use) {
  std::string path;
  std::vector<Label> notes;
  for (const LocalName& other : frame.locals)
    if (other.active && &other != &local) {
      path += " → `" + text(other.name.text) + "`";
      notes.push_back({other.name.range, "`" + text(other.name.text) + "`"});
    }
  const std::string quoted = "`" + text(local.name.text) + "`";
  reports_.add(DiagnosticCode::E210, use, quoted + " depends on itself: " + quoted + path + " → " + quoted,
               "here the circle closes", "a `where` states values; it does not change them",
               std::move(notes));
}

void Checker::report_unused_locals(Frame& frame) {
  for (const LocalName& local : frame.locals) {
    // Of several values one is enough.
    if (std::ranges::any_of(frame.locals, [&](const LocalName& other) {
          return other.local == local.local && !other.uses.empty();
        }))
      continue;
    reports_.add(DiagnosticCode::E209, local.name.range,
                 "the local name `" + text(local.name.text) + "` is never used", "",
                 "use it in `" + frame.name + "`, or take it out");
    frame.failed = true;
  }
}

// Those that are read under no condition: their subscripts have to fit everywhere.
std::set<const LocalName*> Checker::locals_always_read(const Frame& frame) {
  std::set<const LocalName*> result;
  for (std::size_t before = frame.locals.size() + 1; before != result.size();) {
    before = result.size();
    for (const LocalName& local : frame.locals)
      for (ExprId use : local.uses) {
        const LocalName* by = frame.local_around(use);
        if (frame[use].guard < 0 && (!by || result.contains(by))) result.insert(&local);
      }
  }
  return result;
}

// ---- values

Expr Checker::build_local(Frame& frame, ExprId id, LocalName& local) {
  if (!local.value) {
    for (std::int32_t k = local.first.value; k <= local.local->value.value; ++k)
      if (frame[ExprId{k}].needed && !frame[ExprId{k}].value) build(frame, {k});
    local.value = local_value(frame, local);
  }
  return local.shape->literal && local.shape->is_integer() && frame[id].integer
             ? retyped(local.value, Type::integer)
             : local.value;
}

Expr Checker::local_value(Frame& frame, const LocalName& local) {
  const ExprId root = local.local->value;
  const Shape& shape = *local.shape;
  if (shape.literal) return frame[root].value;
  const std::size_t own = local.own_end - local.own;
  const std::vector<DimId> dims(shape.dims.begin() + static_cast<std::ptrdiff_t>(own), shape.dims.end());
  const Expr built = local.local->lefts.size() > 1 ? value_of(frame, root, local.item)
                     : shape.is_condition()        ? in_dims(frame, root, dims)
                     : shape.is_integer()          ? as_integer(frame, root)
                                                   : as_real(frame, root, dims);
  IndexMap map;
  for (std::size_t k = 0; k < own; ++k)
    map.emplace_back(frame.variables[local.own + k].index, axis_position(k, shape.dims[k]));
  for (std::size_t k = 0; k < dims.size(); ++k)
    map.emplace_back(axis(k, dims[k]), axis_position(own + k, dims[k]));
  const Expr value = substitute(built, map);
  // What costs nothing stands where the name stood, and so does what a condition may have to keep in range.
  const bool is_plain = value->operands.empty() || value->kind == gradc::ExprKind::access;
  const bool is_cheap = value->type != Type::real && !has_reductions(value);
  if (is_plain || is_cheap || !subscripts_are_plain(value)) return value;
  const std::string name = text(local.name.text);
  const bool is_free = !names_.find(local.name.text) && context_.unused_name(name) == name;
  return named(frame, value, shape.dims,
               {.name = is_free ? name : unused_name(frame.name + "_" + name),
                .type = value->type,
                .dims = {},
                .declared = local.name.range,
                .member_of = value->type == Type::integer ? shape.member_of : DimId{}});
}

}  // namespace gradc::sema
