// Which indices are in force at which expression, found downwards: parents before children.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/sema/checker.h"
#include "compiler/support/overloaded.h"

namespace gradc::sema {

using namespace syntax;

std::size_t Checker::add_variable(Frame& frame, std::int32_t scope, const Spelled& name, bool on_left) {
  IndexVariable variable{.name = name, .on_left = on_left};
  const std::string quoted = "`" + text(name.text) + "`";
  const auto fail = [&](DiagnosticCode code, const std::string& message, const std::string& label,
                        const std::string& help, SourceRange other, const std::string& note) {
    reports_.add(code, name.range, message, label, help, {{other, note}});
    variable.failed = true;
  };
  if (const IndexVariable* outer = frame.variable(scope, name.text)) {
    fail(DiagnosticCode::E224, "the index " + quoted + " is bound twice", "bound again here",
         outer->is_batch ? "give what is inside an equation of its own" : "take another letter",
         outer->name.range, "first bound here");
  } else if (const auto state = frame.state(scope, name.text)) {
    fail(DiagnosticCode::E206, "the index " + quoted + " bears the name of a state", "",
         "take another letter for the index",
         frame.iterations[state->iteration].syntax->states[state->which].name.range, "stepped here");
  } else if (const LocalName* local = frame.local(name.text)) {
    fail(DiagnosticCode::E206, "the index " + quoted + " bears the name of a local name", "",
         "take another letter for the index", local->name.range, "defined here");
  } else if (const Entity* entity = names_.find(name.text); entity && !frame.parameters.contains(name.text)) {
    fail(DiagnosticCode::E206, "the index " + quoted + " bears a declared name",
         quoted + " is " + described(*entity, program_), "take another letter for the index",
         entity->name.range, "declared here");
  } else if (frame.parameters.contains(name.text) || frame.generic_dims.contains(name.text)) {
    reports_.add(DiagnosticCode::E206, name.range,
                 "the index " + quoted + " bears the name of a parameter of `" + frame.name + "`", "",
                 "take another letter for the index");
    variable.failed = true;
  }
  variable.used = variable.failed;
  frame.variables.push_back(std::move(variable));
  return frame.variables.size() - 1;
}

// The left side `y[i, j in 0..2, A]`: indices first, then dims of axes that have no index.
std::int32_t Checker::declare_subscripts(Frame& frame, std::int32_t scope, const std::string& of,
                                         const std::vector<LeftSubscript>& subscripts,
                                         std::vector<DimId>& declared_axes) {
  for (const LeftSubscript& subscript : subscripts) {
    const Name* name = std::get_if<Name>(&program_[subscript.at].kind);
    if (!name) {
      reports_.add(DiagnosticCode::E231, range(subscript.at), "the axes of a function's value have indices",
                   "this is none", "state the index, and choose by its position: `if i == 0 then … else …`");
      frame.failed = true;
      continue;
    }
    const Entity* entity = names_.find(name->name);
    const bool is_dim =
        (entity && entity->kind == EntityKind::dim) || frame.generic_dims.contains(name->name);
    if (is_dim && !subscript.range) {
      if (const auto dim = axis_dim(subscript.at, "an axis of `" + of + "`", &frame))
        declared_axes.push_back(*dim);
      continue;
    }
    if (!declared_axes.empty()) {
      reports_.add(DiagnosticCode::E225, range(subscript.at), "an index stands behind a dim on the left side",
                   "", "indices first, then the dims of the axes that have none");
      frame.failed = true;
    }
    const std::size_t variable = add_variable(frame, scope, {name->name, range(subscript.at)}, true);
    frame.variables[variable].stated = subscript.range;
    frame.scopes.push_back({scope, variable});
    scope = static_cast<std::int32_t>(frame.scopes.size()) - 1;
  }
  return scope;
}

void Checker::declare_left(Frame& frame) {
  if (frame.line) return declare_line(frame);
  if (frame.claim)
    declare_free_indices(frame);
  else if (frame.left)
    declare_subscripts(frame, -1, frame.name, *frame.left, frame.declared_axes);
  else
    return;
  frame.left_variables = frame.variables.size();
  if (!frame.tail) return;
  for (const syntax::Binder& binder : frame.tail->ranges) {
    IndexVariable* variable =
        frame.variable(static_cast<std::int32_t>(frame.scopes.size()) - 1, binder.name.text);
    if (variable && !variable->stated) {
      variable->stated = binder.range;
      continue;
    }
    reports_.add(DiagnosticCode::E225, binder.name.range,
                 variable ? "the range of `" + text(binder.name.text) + "` is stated twice"
                          : "`for` states the range of an index of the left side, and `" +
                                text(binder.name.text) + "` is none");
    frame.failed = true;
  }
}

void Checker::mark(Frame& frame) {
  declare_left(frame);
  declare_locals(frame);
  if (frame.failed) return;
  const auto scope = static_cast<std::int32_t>(frame.scopes.size()) - 1;
  for (ExprId root : frame.roots) {
    frame[root].needed = true;
    frame[root].scope = scope;
    frame[root].integer = frame.integer;
  }
  mark_below(frame, frame.first, {frame.first.value + static_cast<std::int32_t>(frame.nodes.size()) - 1});
  mark_locals(frame, scope);
}

void Checker::mark_below(Frame& frame, ExprId first, ExprId last) {
  for (std::int32_t id = last.value; id >= first.value; --id)
    if (frame[ExprId{id}].needed) mark_children(frame, {id});
}

void Checker::mark_children(Frame& frame, ExprId id) {
  const std::int32_t scope = frame[id].scope;
  const bool integer = frame[id].integer;
  const std::int32_t guard = frame[id].guard;
  const auto guarded = [&](ExprId which, std::int32_t in_scope, bool as_integer, std::int32_t under) {
    NodeInfo& info = frame[which];
    info.needed = true;
    info.scope = in_scope;
    info.integer = as_integer;
    info.guard = under;
  };
  const auto child = [&](ExprId which, std::int32_t in_scope, bool as_integer) {
    guarded(which, in_scope, as_integer, guard);
  };
  const auto new_guard = [&](ExprId condition, bool holds) {
    frame.guards.push_back({guard, condition, holds});
    return static_cast<std::int32_t>(frame.guards.size()) - 1;
  };
  std::visit(overloaded{[](const Number&) {}, [](const Name&) {}, [](const Placeholder&) {},
                        [&](const syntax::Iterate& iterate) { mark_iterate(frame, id, iterate); },
                        [&](const syntax::Call& c) {
                          const std::string& callee = program_[c.callee];
                          const Entity* entity = names_.find(c.callee.text);
                          const bool of_file = frame.parameters.contains(c.callee.text) ||
                                               (entity && entity->kind == EntityKind::function);
                          for (const syntax::Argument& a : c.arguments)
                            if (!a.name.valid()) {
                              child(a.value, scope, integer || callee == "div" || callee == "mod");
                              frame[a.value].as_argument = of_file;
                            }
                        },
                        [&](const Subscript& s) {
                          child(s.base, scope, false);
                          for (ExprId subscript : s.subscripts) {
                            child(subscript, scope, true);
                            frame[subscript].alone = std::holds_alternative<Name>(program_[subscript].kind);
                          }
                        },
                        [&](const Prime& p) {
                          child(p.base, scope, integer);
                          frame[p.base].as_argument = frame[id].as_argument;
                        },
                        [&](const Unary& u) { child(u.operand, scope, integer && u.op == UnaryOp::negate); },
                        [&](const Binary& b) {
                          const bool logical = b.op == BinaryOp::logical_and || b.op == BinaryOp::logical_or;
                          child(b.left, scope, integer && !logical);
                          child(b.right, scope, integer && !logical);
                        },
                        [&](const Compare& c) {
                          for (ExprId operand : c.operands) child(operand, scope, false);
                        },
                        [&](const Choice& c) {
                          child(c.condition, scope, false);
                          guarded(c.taken, scope, integer, new_guard(c.condition, true));
                          guarded(c.otherwise, scope, integer, new_guard(c.condition, false));
                        },
                        [&](const Reduction& r) {
                          frame[id].variables = frame.variables.size();
                          std::int32_t inner = scope;
                          for (const syntax::Binder& binder : r.bound) {
                            if (binder.range && !binder.range->is_dim()) {
                              child(binder.range->first, inner, true);
                              child(binder.range->last, inner, true);
                            }
                            const bool is_batch = text(binder.name.text) == "batch" && !names_.find("batch");
                            const std::size_t variable = add_variable(frame, inner, binder.name, false);
                            if (is_batch) bind_batch(frame, frame.variables[variable], r, binder);
                            frame.variables[variable].stated = binder.range;
                            frame.scopes.push_back({inner, variable});
                            inner = static_cast<std::int32_t>(frame.scopes.size()) - 1;
                          }
                          if (r.filter.valid()) child(r.filter, inner, false);
                          guarded(r.body, inner, integer,
                                  r.filter.valid() ? new_guard(r.filter, true) : guard);
                        },
                        [&](const Array& a) {
                          for (ExprId element : a.elements) child(element, scope, integer);
                        }},
             program_[id].kind);
}

void Checker::report_unused(Frame& frame) {
  report_unused_locals(frame);
  for (const IndexVariable& v : frame.variables) {
    if (v.used || (v.on_left && v.stated)) continue;
    const std::string name = text(v.name.text);
    if (v.on_left)
      reports_.add(DiagnosticCode::E209, v.name.range, "the index `" + name + "` is not used on the right",
                   "", "use it, or state its range: " + range_example(name));
    else
      reports_.add(DiagnosticCode::E209, v.name.range, "the index `" + name + "` is bound and never used", "",
                   "use it in the term, or take it out");
    frame.failed = true;
  }
}

}  // namespace gradc::sema
