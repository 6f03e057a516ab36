// gradc diff, gradc graph: derivatives for people, from the system of one example.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>

#include "compiler/driver/batch_mean.h"
#include "compiler/driver/commands.h"
#include "compiler/driver/derivatives.h"
#include "compiler/driver/numbers_at.h"
#include "compiler/driver/page.h"
#include "compiler/driver/pdf.h"
#include "compiler/driver/shown_claims.h"
#include "compiler/driver/update_rule.h"
#include "compiler/driver/whole_batch.h"
#include "compiler/equations/definition.h"
#include "compiler/render/derivation.h"
#include "compiler/render/dot.h"
#include "compiler/render/mathml.h"
#include "compiler/render/sympy.h"
#include "compiler/render/term_printer.h"
#include "compiler/render/without_auxiliaries.h"
#include "compiler/simplify/simplify.h"
#include "compiler/simplify/stabilise.h"
#include "compiler/simplify/written_out.h"
#include "compiler/support/check.h"

namespace gradc::driver {
namespace {

using Words = std::vector<std::string>;

RenderOptions render_options(const Options& options) {
  RenderOptions render;
  if (options.format == "latex") render.format = RenderFormat::latex;
  if (options.format == "json" || options.json) render.format = RenderFormat::json;
  if (options.format == "mathml") render.format = RenderFormat::mathml;
  if (options.format == "dot") render.format = RenderFormat::dot;
  if (options.notation == "lagrange") render.notation = DerivativeNotation::lagrange;
  if (options.notation == "nabla") render.notation = DerivativeNotation::nabla;
  render.matrix = options.style == "matrix";
  return render;
}

// "line 3", of the model's file.
std::string place_of(const ModelFile& file, SourceRange range) {
  if (range.end == 0 || range.file >= file.sources.size()) return "";
  return "line " + std::to_string(file.sources[range.file].place(range.begin).line);
}

// Behind a derivation that is made for reading.
std::string update_of(const ModelFile& file, const std::vector<TensorId>& of, RenderFormat format) {
  if (!file.model.objective.valid()) return "";
  const std::string& loss = file.tensor(of.size() == 1 ? of[0] : file.model.objective).name;
  if (format == RenderFormat::text) return "\n" + update_rule(file, loss, false);
  const std::string latex = update_rule(file, latex_name(loss).whole(), true);
  if (format == RenderFormat::latex) return "\n" + latex;
  return format == RenderFormat::mathml ? mathml_blocks(latex) : "";
}

std::string claims_of(const ModelFile& file, const Options& options, RenderFormat format) {
  if (format == RenderFormat::json || format == RenderFormat::dot) return "";
  const std::vector<ShownClaim> claims = shown_claims(file, options);
  if (claims.empty()) return "";
  if (format == RenderFormat::text) return "\n" + claims_as_text(claims);
  const std::string latex = claims_as_latex(claims);
  return format == RenderFormat::mathml ? mathml_blocks(latex) : latex;
}

// The model around its derivation, for a browser or for print.
Page page_around(const ModelFile& file, const Options& options, const System& simple,
                 const RenderOptions& render, const std::vector<TensorId>& of) {
  Page page = page_of(file, options, reachable(file.model.system, of));
  page.formulas = latex_rows(simple, render);
  if (options.update) page.update = update_of(file, of, RenderFormat::latex);
  return page;
}

int derive(const Options& options, int order, const RenderOptions& render) {
  Dump dump(options.dump);
  std::optional<ModelFile> file = load_model(options, dump);
  if (!file) return status_user_error;
  take_whole_batch(*file);
  if (options.update && !file->model.objective.valid())
    return report(
        {error_at(DiagnosticCode::E607, "--update", "the file minimises nothing, so nothing moves params",
                  "it takes a line `minimize E`")});
  Result<Request> request = make_request(*file, options, order, DefaultWrt::params_or_inputs);
  if (!request) return report(request.diagnostics(), file->sources);
  System system = file->model.system;
  if (options.batch_mean) {
    Result<BatchMean> mean = batch_mean(*file, *request);
    if (!mean) return report(mean.diagnostics());
    system = std::move(mean->system);
    request = std::move(mean->request);
  }
  const Derivatives made = differentiate(system, *request);
  dump.show("adjoint", made.system);
  set_current_pass("simplified");
  std::vector<SystemStep> steps;
  System simple = simplify(render.matrix ? without_auxiliaries(made.system) : made.system, &steps);
  if (options.expand) simple = written_out(simple);
  dump.show("simplified", simple);
  if (dump.reaches("stabilised")) dump.show("stabilised", stabilise(simple));
  if (dump.wanted()) return dump.finish(options.command);
  set_current_pass("render");
  RenderOptions options_of_file = render;
  if (render.matrix) options_of_file.further = system;
  if (options.steps) {
    options_of_file.chains = derivation_chains(made.system, simple, steps);
    options_of_file.place = [&](SourceRange range) { return place_of(*file, range); };
  }
  Point<double> numbers;
  if (!options.at.empty() || !options.data.empty()) {
    Result<Point<double>> point = numbers_at(*file, made, options);
    report(point.diagnostics(), file->sources);
    if (!point) return status_user_error;
    numbers = std::move(*point);
    options_of_file.numbers = &numbers;
  }
  if (options.format == "html" || options.format == "pdf") {
    const Page page = page_around(*file, options, simple, options_of_file, request->of);
    if (options.format == "html") return deliver(options, html_page(page));
    const Result<std::string> pdf = pdf_of(printed_page(page));
    return pdf ? deliver(options, *pdf) : report(pdf.diagnostics());
  }
  if (options.format == "sympy") {
    const Result<std::string> script = sympy_script(simple);
    return script ? deliver(options, *script) : report(script.diagnostics());
  }
  std::string text = render_system(simple, options_of_file);
  text += claims_of(*file, options, render.format);
  if (options.update) text += update_of(*file, request->of, render.format);
  return deliver(options, text);
}

}  // namespace

int diff_command(const Options& options) {
  if (options.format == "sympy") {
    const std::pair<const char*, bool> asked[] = {{"--steps", options.steps},
                                                  {"--update", options.update},
                                                  {"--at", !options.at.empty() || !options.data.empty()},
                                                  {"--style matrix", options.style == "matrix"}};
    for (const auto& [option, is_asked] : asked)
      if (is_asked)
        return report({error_at(DiagnosticCode::E616, option, "code for SymPy has the equations alone",
                                "`--format latex` and `--format text` show the rest")});
  }
  if (options.format == "pdf" && options.out.empty() && ::isatty(STDOUT_FILENO))
    return report({error_at(DiagnosticCode::E615, "--format pdf", "a terminal shows no PDF",
                            "name a file with `-o derivation.pdf`")});
  const RenderOptions render = render_options(options);
  return derive(options, options.order.value_or(1), render);
}

int graph_command(const Options& options) {
  RenderOptions render;
  render.format = RenderFormat::dot;
  return derive(options, options.order.value_or(0), render);
}

}  // namespace gradc::driver
