// The order of the checker's steps.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/sema/check.h"

#include <algorithm>

#include "compiler/sema/checker.h"

namespace gradc {
namespace sema {

using namespace syntax;

Checker::Checker(const Program& program, Context& context, const CheckOptions& options)
    : program_(program), context_(context), options_(options), names_(program, reports_), system_(context) {}

Result<Model> Checker::run() {
  declare_dims();
  declare_tensors();
  for (Entity& e : names_.all())
    if (e.kind == EntityKind::equation && e.progress == Progress::untouched) {
      start_equation(e);
      run_frames();
    }
  give_values();
  check_uncalled_functions();
  check_training_lines();
  if (has_errors(reports_.all())) return in_order();
  report_unused_names();
  choose_outputs();
  for (const Entity& e : names_.all())
    if (e.kind == EntityKind::equation) {
      model_.equations.push_back(e.tensor);
      system_.add_output(e.tensor);
    }
  model_.system = std::move(system_);
  model_.warnings = in_order();
  Diagnostics warnings = model_.warnings;
  return {std::move(model_), std::move(warnings)};
}

// By their places in the file, as a reader goes through it.
Diagnostics Checker::in_order() const {
  Diagnostics result = reports_.all();
  std::ranges::stable_sort(result, {},
                           [](const Diagnostic& d) { return std::pair(d.at.range.file, d.at.range.begin); });
  return result;
}

// A function that nothing calls has no argument dims to be checked with; its names can be looked at.
void Checker::check_uncalled_functions() {
  for (const Entity& e : names_.all()) {
    if (e.kind != EntityKind::function || e.used) continue;
    const auto& equation = std::get<Equation>(program_.statements[e.statement].kind);
    const Left& left = equation.lefts[e.item];
    std::set<TextId> own;
    for (const syntax::Parameter& p : left.parameters) {
      own.insert(p.name.text);
      for (ExprId axis : p.axes)
        if (const Name* name = std::get_if<Name>(&program_[axis].kind)) own.insert(name->name);
    }
    for (const Local& local : equation.tail.locals)
      for (const Left& l : local.lefts) own.insert(l.name.text);
    Frame& frame = new_frame(FrameKind::function, e.statement);
    frame.left = &left.subscripts;
    frame.roots = {equation.value};
    frame.name = text(e.name.text);
    const std::size_t before = reports_.size();
    mark(frame);
    reports_.keep_only_from(before, DiagnosticCode::E206);
    for (std::size_t k = 0; k < frame.nodes.size(); ++k) {
      if (!frame.nodes[k].needed) continue;
      const ExprId id{frame.first.value + static_cast<std::int32_t>(k)};
      const Name* name = std::get_if<Name>(&program_[id].kind);
      if (!name || frame.variable(frame.nodes[k].scope, name->name) || own.contains(name->name) ||
          text(name->name) == "pi")
        continue;
      if (Entity* found = names_.find(name->name))
        found->used = true;
      else
        unknown_name(frame, id, text(name->name));
    }
    frames_.pop_back();
  }
}

}  // namespace sema

Result<Model> check(const syntax::Program& program, Context& context, const CheckOptions& options) {
  return sema::Checker(program, context, options).run();
}

}  // namespace gradc
