// Values of consts that read each other in a circle, through equations and functions too.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/sema/checker.h"
#include "compiler/sema/children.h"

namespace gradc::sema {

using namespace syntax;

// The names that an entity's own text reads; those of a const in its value only.
std::vector<Entity*> Checker::read_by(const Entity& entity) {
  const Statement& statement = program_.statements[entity.statement];
  std::vector<ExprId> stack;
  if (const auto* declaration = std::get_if<syntax::Declaration>(&statement.kind)) {
    if (const ExprId value = declaration->items[entity.item].value; value.valid()) stack.push_back(value);
  } else if (entity.kind == EntityKind::equation || entity.kind == EntityKind::function) {
    for (std::int32_t k = statement.first_expr.value; k < statement.end_expr.value; ++k)
      stack.push_back(ExprId{k});
  }
  const bool whole_statement = stack.size() != 1;
  std::vector<Entity*> result;
  while (!stack.empty()) {
    const syntax::Expr& e = program_[stack.back()];
    stack.pop_back();
    const Name* name = std::get_if<Name>(&e.kind);
    const auto* call = std::get_if<syntax::Call>(&e.kind);
    if (name || call)
      if (Entity* found = names_.find(name ? name->name : call->callee.text)) result.push_back(found);
    if (!whole_statement) for_each_child(e, [&](ExprId child) { stack.push_back(child); });
  }
  return result;
}

void Checker::check_given_circles() {
  struct Step {
    Entity* entity;
    std::vector<Entity*> reads;
    std::size_t next = 0;
  };
  std::map<const Entity*, Progress> progress;
  for (Entity& start : names_.all()) {
    if (start.kind != EntityKind::tensor || progress[&start] != Progress::untouched) continue;
    std::vector<Step> path{{&start, read_by(start)}};
    progress[&start] = Progress::active;
    while (!path.empty()) {
      Step& step = path.back();
      if (step.next == step.reads.size()) {
        progress[step.entity] = Progress::done;
        path.pop_back();
        continue;
      }
      Entity* read = step.reads[step.next++];
      if (progress[read] == Progress::done) continue;
      if (progress[read] == Progress::untouched) {
        progress[read] = Progress::active;
        path.push_back({read, read_by(*read)});
        continue;
      }
      std::string circle;
      bool inside = false, through_const = false;
      for (const Step& s : path) {
        inside = inside || s.entity == read;
        if (!inside) continue;
        circle += "`" + text(s.entity->name.text) + "` → ";
        through_const = through_const || s.entity->kind == EntityKind::tensor;
      }
      if (!through_const) continue;  // told where equations and functions are checked
      reports_.add(
          DiagnosticCode::E210, read->name.range,
          "`" + text(read->name.text) + "` depends on itself: " + circle + "`" + text(read->name.text) + "`",
          "", "a value that is given reads what is known before it");
      for (const Step& s : path) s.entity->shape = Shape::failed();
    }
  }
}

}  // namespace gradc::sema
