// Which equations use each other in a circle, and the order in which equations are checked: each after what
// it uses. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/equations/graph.h"
#include "compiler/sema/checker.h"
#include "compiler/sema/children.h"

namespace gradc::sema {

using namespace syntax;

// The equations and functions that an entity's text names; parameters, locals and running values hide them.
std::vector<std::size_t> Checker::mentioned_by(const Entity& entity) {
  std::vector<std::size_t> result;
  std::vector<Entity::Place> places{{entity.statement, entity.item}};
  places.insert(places.end(), entity.more.begin(), entity.more.end());
  for (const Entity::Place& place : places) {
    const Statement& statement = program_.statements[place.statement];
    std::set<TextId> hidden;
    if (const auto* equation = std::get_if<Equation>(&statement.kind)) {
      for (const syntax::Parameter& p : equation->lefts[place.item].parameters) hidden.insert(p.name.text);
      for (const Local& local : equation->tail.locals)
        for (const Left& left : local.lefts) {
          hidden.insert(left.name.text);
          for (const syntax::Parameter& p : left.parameters) hidden.insert(p.name.text);
        }
    }
    for (std::int32_t k = statement.first_expr.value; k < statement.end_expr.value; ++k)
      if (const auto* iterate = std::get_if<syntax::Iterate>(&program_[ExprId{k}].kind))
        for (const State& state : iterate->states) hidden.insert(state.name.text);
    for (std::int32_t k = statement.first_expr.value; k < statement.end_expr.value; ++k) {
      const syntax::Expr& e = program_[ExprId{k}];
      const Name* name = std::get_if<Name>(&e.kind);
      const auto* call = std::get_if<syntax::Call>(&e.kind);
      if (!name && !call) continue;
      const TextId text = name ? name->name : call->callee.text;
      const Entity* found = hidden.contains(text) ? nullptr : names_.find(text);
      if (!found || (found->kind != EntityKind::equation && found->kind != EntityKind::function)) continue;
      const auto id = static_cast<std::size_t>(found - names_.all().data());
      if (std::ranges::find(result, id) == result.end()) result.push_back(id);
    }
  }
  return result;
}

void Checker::check_equations() {
  const std::size_t n = names_.all().size();
  std::vector<std::vector<std::size_t>> mentioned(n);
  for (std::size_t k = 0; k < n; ++k) {
    const Entity& e = names_.all()[k];
    if (e.kind == EntityKind::equation || e.kind == EntityKind::function) mentioned[k] = mentioned_by(e);
  }
  for (const std::vector<std::size_t>& group : strongly_connected(mentioned)) {
    const std::vector<std::size_t>& first = mentioned[group[0]];
    check_group(group, group.size() > 1 || std::ranges::find(first, group[0]) != first.end());
  }
}

void Checker::check_group(const std::vector<std::size_t>& group, bool circle) {
  Recurrence recurrence;
  bool along_axes = false;
  for (std::size_t id : group) {
    const Entity& e = names_.all()[id];
    if (e.kind != EntityKind::equation || e.progress != Progress::untouched) continue;
    recurrence.members.push_back({.entity = id});
    along_axes = along_axes || !e.more.empty();
    if (const auto* equation = std::get_if<Equation>(&program_.statements[e.statement].kind))
      for (const LeftSubscript& s : equation->lefts[e.item].subscripts)
        along_axes = along_axes || circle || !std::holds_alternative<Name>(program_[s.at].kind);
  }
  if (along_axes) {
    if (declare_recurrence(recurrence)) check_recurrence(recurrence);
    return;
  }
  for (const Recurrence::Member& m : recurrence.members)
    if (Entity& e = names_.all()[m.entity]; e.progress == Progress::untouched) {
      start_equation(e);
      run_frames();
    }
}

}  // namespace gradc::sema
