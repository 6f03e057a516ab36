// gradc diff, gradc graph: derivatives for people, from the system of one example.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fmt/format.h>

#include <cstdio>

#include "compiler/driver/commands.h"
#include "compiler/driver/derivatives.h"
#include "compiler/render/derivation.h"
#include "compiler/render/dot.h"
#include "compiler/render/term_printer.h"
#include "compiler/render/without_auxiliaries.h"
#include "compiler/simplify/simplify.h"
#include "compiler/simplify/stabilise.h"
#include "compiler/support/check.h"

namespace gradc::driver {
namespace {

Diagnostics not_yet(const Options& options) {
  Diagnostics faults;
  for (const char* format : {"html", "pdf"})
    if (options.format == format)
      faults.push_back(error_at(DiagnosticCode::E914, "--format " + options.format,
                                "pages are not written yet", "`--format latex` is what they will hold"));
  return faults;
}

RenderOptions render_options(const Options& options) {
  RenderOptions render;
  if (options.format == "latex") render.format = RenderFormat::latex;
  if (options.format == "json" || options.json) render.format = RenderFormat::json;
  if (options.format == "dot") render.format = RenderFormat::dot;
  if (options.notation == "lagrange") render.notation = DerivativeNotation::lagrange;
  if (options.notation == "nabla") render.notation = DerivativeNotation::nabla;
  render.matrix = options.style == "matrix";
  render.rules = options.steps;
  return render;
}

// Which rule made what of what, in the order in which it was done.
void print_steps(const Context& context, const std::vector<SystemStep>& steps) {
  if (!steps.empty()) fmt::print("\nsteps:\n");
  for (const SystemStep& step : steps)
    fmt::print("  {}: {} = {}    [{}]\n", context.tensor(step.definition).name, text(step.before),
               text(step.after), step.rule->name);
}

int derive(const Options& options, int order, const RenderOptions& render, bool show_steps) {
  Dump dump(options.dump);
  const std::optional<ModelFile> file = load_model(options, dump);
  if (!file) return status_user_error;
  const Result<Request> request = make_request(*file, options, order, DefaultWrt::params_or_inputs);
  if (!request) return report(request.diagnostics());
  const Derivatives made = differentiate(*file, *request);
  dump.show("adjoint", made.system);
  set_current_pass("simplified");
  std::vector<SystemStep> steps;
  const System simple = simplify(render.matrix ? without_auxiliaries(made.system) : made.system, &steps);
  dump.show("simplified", simple);
  if (dump.reaches("stabilised")) dump.show("stabilised", stabilise(simple));
  if (dump.wanted()) return dump.finish(options.command);
  set_current_pass("render");
  RenderOptions options_of_file = render;
  if (render.matrix) options_of_file.further = file->model.system;
  fmt::print("{}", render_system(simple, options_of_file));
  if (show_steps) print_steps(*file->context, steps);
  return status_ok;
}

}  // namespace

int diff_command(const Options& options) {
  if (const Diagnostics refused = not_yet(options); !refused.empty()) return report(refused);
  const RenderOptions render = render_options(options);
  return derive(options, options.order.value_or(1), render,
                options.steps && render.format == RenderFormat::text);
}

int graph_command(const Options& options) {
  RenderOptions render;
  render.format = RenderFormat::dot;
  return derive(options, options.order.value_or(0), render, false);
}

}  // namespace gradc::driver
