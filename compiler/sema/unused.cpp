// What is declared and never used; what the model computes if nobody asks for anything in particular.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/sema/checker.h"

namespace gradc::sema {

using namespace syntax;
using gradc::Type;

void Checker::report_unused_names() {
  const bool has_goal = model_.objective.valid();
  // A file of functions alone is one for others to use.
  const bool has_equations =
      std::ranges::any_of(names_.all(), [](const Entity& e) { return e.kind == EntityKind::equation; });
  report_unused_files();
  for (const Entity& e : names_.all()) {
    if (e.used || e.shape.error) continue;
    const std::string name = "`" + text(e.name.text) + "`";
    switch (e.kind) {
      case EntityKind::dim:
        reports_.add(DiagnosticCode::W202, e.name.range, "the dim " + name + " is never used");
        break;
      case EntityKind::tensor:
        reports_.add(DiagnosticCode::W201, e.name.range,
                     described(e, program_).substr(described(e, program_).find(' ') + 1) + " " + name +
                         " is never used");
        break;
      case EntityKind::equation:
        if (std::ranges::any_of(names_.all(), [&](const Entity& other) {  // of several values one is enough
              return other.kind == e.kind && other.statement == e.statement && other.used;
            }))
          break;
        if (has_goal && std::ranges::find(options_.wanted, text(e.name.text)) == options_.wanted.end())
          reports_.add(DiagnosticCode::W203, e.name.range, "nothing uses the equation " + name);
        break;
      case EntityKind::function:
        if (has_equations && e.name.range.file == 0)
          reports_.add(DiagnosticCode::W203, e.name.range, "nothing calls the function " + name);
        break;
    }
  }
}

void Checker::report_unused_files() {
  for (const Statement& s : program_.statements) {
    const Use* use = std::get_if<Use>(&s.kind);
    if (!use || use->path.range.file != 0) continue;
    const auto is_called = [&](const Entity& e) { return e.name.range.file == use->file && e.used; };
    if (std::ranges::none_of(names_.all(), is_called))
      reports_.add(DiagnosticCode::W203, use->path.range,
                   "nothing of `" + text(use->path.text) + "` is called");
  }
}

// The objective; without one, every real scalar that no other equation uses; without such, every unused
// equation.
void Checker::choose_outputs() {
  if (model_.objective.valid()) {
    model_.default_outputs = {model_.objective};
    return;
  }
  for (bool scalars : {true, false}) {
    for (const Entity& e : names_.all())
      if (e.kind == EntityKind::equation && e.tensor.valid() && !e.used &&
          (!scalars || (e.shape.dims.empty() && e.shape.type == Type::real)))
        model_.default_outputs.push_back(e.tensor);
    if (!model_.default_outputs.empty()) return;
  }
}

}  // namespace gradc::sema
