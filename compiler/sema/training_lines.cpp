// minimize, penalty, metric, check.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/equations/walk.h"
#include "compiler/operators/evaluate.h"
#include "compiler/sema/checker.h"
#include "compiler/sema/position_term.h"
#include "compiler/support/overloaded.h"

namespace gradc::sema {

using namespace syntax;
using gradc::Type;

void Checker::check_training_lines() {
  SourceRange minimized, trained;
  bool has_objective = false, has_settings = false;
  const auto again = [&](const char* line, SourceRange at, SourceRange first) {
    reports_.add(DiagnosticCode::E406, at, std::string("a second `") + line + "`", "", "",
                 {{first, "the first stands here"}});
  };
  for (std::size_t s = 0; s < program_.statements.size(); ++s) {
    const Statement& statement = program_.statements[s];
    std::visit(
        overloaded{[&](const Minimize& m) {
                     if (has_objective) return again("minimize", statement.range, minimized);
                     has_objective = true;
                     minimized = statement.range;
                     check_objective(m);
                   },
                   [&](const Penalty& p) { check_penalty(p); },
                   [&](const Metric& m) {
                     if (const TensorId t = training_scalar(m.name, "a metric"); t.valid())
                       model_.metrics.push_back(t);
                   },
                   [&](const syntax::Check& c) { check_condition(s, c); },
                   [&](const Train& t) {
                     if (has_settings) return again("train", statement.range, trained);
                     has_settings = true;
                     trained = statement.range;
                     check_train(s, t);
                   },
                   [](const auto&) {}},
        statement.kind);
  }
  check_slopes();
  if (!model_.train.stated || !has_objective) return;
  const auto is_param = [&](const Entity& e) {
    const auto* declaration = std::get_if<syntax::Declaration>(&program_.statements[e.statement].kind);
    return e.kind == EntityKind::tensor && declaration && declaration->role == syntax::Role::param;
  };
  if (std::ranges::none_of(names_.all(), is_param))
    reports_.add(DiagnosticCode::E410, minimized, "there is nothing to learn: the file declares no param", "",
                 "`param w init 0` declares one");
  for (const gradc::Declaration& d : model_.declarations) {
    const Tensor& tensor = context_.tensor(d.tensor);
    if (tensor.role == gradc::Role::param && !d.initialiser)
      reports_.add(DiagnosticCode::E407, tensor.declared,
                   "the file trains, and the param `" + tensor.name + "` has no initialiser",
                   "where does it start?",
                   tensor.rank() >= 2 ? "`init glorot_uniform`, or a number" : "`init 0`");
  }
}

// What is minimised, penalties with it, is differentiated by all params.
void Checker::check_slopes() {
  std::vector<TensorId> params;
  for (const gradc::Declaration& d : model_.declarations)
    if (const Tensor& t = context_.tensor(d.tensor); t.role == gradc::Role::param && t.type == Type::real)
      params.push_back(d.tensor);
  if (!model_.objective.valid() || params.empty() || has_errors(reports_.all())) return;
  std::vector<TensorId> derived = model_.penalties;
  derived.insert(derived.begin(), model_.objective);
  for (TensorId t : derived) are_known(unknown_partial(system_, t, params), context_.tensor(t).declared);
}

TensorId Checker::training_scalar(const Spelled& name, const std::string& line) {
  Entity* entity = names_.find(name.text);
  const std::string quoted = "`" + text(name.text) + "`";
  if (!entity) {
    const std::string near = did_you_mean(text(name.text), names_.spellings(EntityKind::equation));
    reports_.add(DiagnosticCode::E201, name.range, "nothing is called " + quoted, "",
                 near.empty() ? "" : "did you mean `" + near + "`?");
    return {};
  }
  entity->used = true;
  if (entity->kind != EntityKind::equation) {
    reports_.add(DiagnosticCode::E405, name.range,
                 quoted + " is " + described(*entity, program_) + ", and " + line + " is an equation", "",
                 "give it a name of its own: `minimize E = …`");
    return {};
  }
  if (entity->shape.error) return {};
  if (entity->shape.type == Type::real && entity->shape.dims.empty()) return entity->tensor;
  reports_.add(DiagnosticCode::E405, name.range,
               line + " is one number, and " + quoted + " is " +
                   (entity->shape.is_condition()                               ? "a condition"
                    : entity->shape.is_integer() && entity->shape.dims.empty() ? "an integer"
                                                                               : shown(entity->shape.dims)),
               "", entity->shape.is_condition() ? "`if … then 1 else 0` makes a number of it" : "");
  return {};
}

void Checker::check_objective(const Minimize& minimize) {
  Spelled name = minimize.name;
  if (!name.valid()) {
    const Name* named = std::get_if<Name>(&program_[minimize.value].kind);
    if (!named) {
      reports_.add(DiagnosticCode::E405, range(minimize.value), "`minimize` takes a name", "this has none",
                   "give it one: `minimize E = …`");
      return;
    }
    name = {named->name, range(minimize.value)};
  }
  model_.objective = training_scalar(name, "what is minimised");
}

void Checker::check_penalty(const Penalty& penalty) {
  const TensorId tensor = training_scalar(penalty.name, "a penalty");
  if (!tensor.valid()) return;
  model_.penalties.push_back(tensor);
  // Down to what is given: an input on the way is a mistake.
  std::vector<TensorId> pending{tensor};
  std::set<TensorId> seen;
  while (!pending.empty()) {
    const TensorId t = pending.back();
    pending.pop_back();
    if (!seen.insert(t).second) continue;
    const gradc::Role role = context_.tensor(t).role;
    if (role == gradc::Role::input || role == gradc::Role::target) {
      reports_.add(DiagnosticCode::E404, penalty.name.range,
                   "the penalty `" + text(penalty.name.text) + "` depends on the " +
                       (role == gradc::Role::input ? "input" : "target") + " `" + context_.tensor(t).name +
                       "`",
                   "a penalty is added once, not for every example", "add it to what is minimised",
                   {{context_.tensor(t).declared, "declared here"}});
      return;
    }
    if (const Definition* definition = system_.find(t))
      for (TensorId read : reads(*definition)) pending.push_back(read);
  }
}

// `shape(z) == [A, B]`, which is known here.
bool Checker::check_shape(const Compare& compare) {
  if (compare.operands.size() != 2 || compare.ops[0] != CompareOp::equal) return false;
  const auto* call = std::get_if<syntax::Call>(&program_[compare.operands[0]].kind);
  if (!call || program_[call->callee] != "shape") return false;
  const Name* name =
      call->arguments.size() == 1 ? std::get_if<Name>(&program_[call->arguments[0].value].kind) : nullptr;
  const auto* array = std::get_if<Array>(&program_[compare.operands[1]].kind);
  if (!name || !array) {
    reports_.add(DiagnosticCode::E411, range(compare.operands[0]),
                 "a check of a shape reads `check shape(z) == [A, B]`");
    return true;
  }
  Entity* entity = names_.find(name->name);
  const std::string near = entity ? "" : did_you_mean(text(name->name), names_.spellings());
  if (!entity || (entity->kind != EntityKind::tensor && entity->kind != EntityKind::equation)) {
    reports_.add(DiagnosticCode::E201, range(call->arguments[0].value),
                 "no tensor is called `" + text(name->name) + "`", "",
                 near.empty() ? "" : "did you mean `" + near + "`?");
    return true;
  }
  entity->used = true;
  if (entity->shape.error) return true;
  std::vector<DimId> stated;
  for (ExprId element : array->elements)
    if (const auto dim = axis_dim(element, "a shape"))
      stated.push_back(*dim);
    else
      return true;
  if (stated != entity->shape.dims)
    reports_.add(DiagnosticCode::E411, cover(range(compare.operands[0]), range(compare.operands[1])),
                 "this check fails: `" + text(name->name) + "` is " + shown(entity->shape.dims) + ", not " +
                     shown(stated),
                 "", "", {{entity->name.range, "`" + text(name->name) + "` is defined here"}});
  return true;
}

void Checker::check_condition(std::size_t statement, const syntax::Check& check) {
  const auto* compare = std::get_if<Compare>(&program_[check.condition].kind);
  if (compare && check_shape(*compare)) return;
  if (compare)
    for (ExprId operand : compare->operands) {
      const Name* name = std::get_if<Name>(&program_[operand].kind);
      const auto* call = std::get_if<syntax::Call>(&program_[operand].kind);
      const std::string word = name ? text(name->name) : call ? program_[call->callee] : "";
      if ((word == "memory" || word == "flops") && !names_.find(word))
        return not_yet(DiagnosticCode::E913, range(operand), "a check of `" + word + "`");
    }
  Frame& frame = new_frame(FrameKind::condition, statement);
  frame.name = "check";
  frame.roots = {check.condition};
  frame.range = range(check.condition);
  mark(frame);
  closed_.clear();
  run_frames();
  if (closed_.empty()) return;
  const auto holds = proved(closed_[0]);
  if (!holds)
    model_.checks.push_back({closed_[0], range(check.condition)});
  else if (!*holds)
    reports_.add(DiagnosticCode::E411, range(check.condition), "this check fails", "this is false");
}

std::optional<bool> Checker::proved(gradc::Expr condition) {
  std::vector<gradc::Expr> pending{condition};
  std::set<TensorId> seen;
  std::map<DimId, std::int64_t> run_time;
  while (!pending.empty()) {
    const gradc::Expr next = pending.back();
    pending.pop_back();
    collect_run_time_dims(context_, next, run_time);
    for (gradc::Expr e : reachable_nodes(next)) {
      if (e->kind != gradc::ExprKind::access || !seen.insert(e->tensor).second) continue;
      const Definition* definition = system_.find(e->tensor);
      if (!definition || !definition->define()) return std::nullopt;
      pending.push_back(definition->define()->value);
    }
  }
  if (!run_time.empty()) return std::nullopt;
  System system = system_;
  const TensorId check =
      context_.add_tensor({.name = context_.unused_name("check"), .type = gradc::Type::boolean});
  Definition definition{.tensor = {}, .rule = Define{condition}};
  definition.tensor = check;
  system.add(std::move(definition));
  const Point<double> nothing;
  Evaluator<double> evaluator(system, nothing);
  const auto value = evaluator.tensor(check);
  return value ? std::optional(value->integers[0] != 0) : std::nullopt;
}

}  // namespace gradc::sema
