// The order of the checker's steps.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/sema/check.h"

#include <algorithm>

#include "compiler/equations/definition.h"
#include "compiler/operators/integers.h"
#include "compiler/sema/checker.h"

namespace gradc {
namespace sema {

using namespace syntax;

Checker::Checker(const Program& program, Context& context, const CheckOptions& options)
    : program_(program), context_(context), options_(options), names_(program, reports_), system_(context) {}

Result<Model> Checker::run() {
  declare_dims();
  declare_tensors();
  check_equations();
  for (Entity& e : names_.all())  // noise that no equation reads
    if (e.kind == EntityKind::tensor && e.progress == Progress::untouched) {
      demand(e, e.name.range);
      run_frames();
    }
  check_given_circles();
  give_values();
  check_training_lines();
  check_sequences();
  check_uncalled_functions();
  report_positions();
  if (has_errors(reports_.all())) return in_order();
  std::vector<bool> used;
  for (const Entity& e : names_.all()) used.push_back(e.used);
  check_claims();
  report_positions();
  if (has_errors(reports_.all())) return in_order();
  report_unused_names();
  // What only claims read is computed as if there were none.
  for (std::size_t k = 0; k < used.size(); ++k) names_.all()[k].used = used[k];
  choose_outputs();
  for (const Entity& e : names_.all())
    if (e.kind == EntityKind::equation || (e.kind == EntityKind::tensor && is_sample(e.tensor)))
      model_.equations.push_back(e.tensor);
  model_.system = System(context_);
  for (const Definition& d : system_.definitions())
    model_.system.add(mapped(d, [](gradc::Expr e) { return Magnitudes().without_overflow(e); }));
  model_.system.set_outputs(model_.equations);
  model_.warnings = in_order();
  Diagnostics warnings = model_.warnings;
  return {std::move(model_), std::move(warnings)};
}

// What is drawn by parameters that are expressions is computed.
bool Checker::is_sample(TensorId tensor) const {
  return system_.find(tensor) && std::ranges::find(model_.declarations, tensor,
                                                   &gradc::Declaration::tensor) == model_.declarations.end();
}

// By their places in the file, as a reader goes through it.
Diagnostics Checker::in_order() const {
  Diagnostics result = reports_.all();
  std::ranges::stable_sort(result, {},
                           [](const Diagnostic& d) { return std::pair(d.at.range.file, d.at.range.begin); });
  if (has_errors(result) && result.size() > Reports::most_shown) {
    std::ranges::stable_partition(result,
                                  [](const Diagnostic& d) { return d.severity() == Severity::error; });
    const std::size_t hidden = result.size() - std::min(result.size(), Reports::most_shown);
    result.resize(result.size() - hidden);
    result.push_back({DiagnosticCode::E117,
                      "too many mistakes: " + std::to_string(hidden) + " more are not shown",
                      {result.back().at.range, ""},
                      {},
                      "",
                      result.back().place});
  }
  return result;
}

}  // namespace sema

Result<Model> check(const syntax::Program& program, Context& context, const CheckOptions& options) {
  return sema::Checker(program, context, options).run();
}

}  // namespace gradc
