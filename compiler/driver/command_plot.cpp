// gradc plot: functions and their derivatives over a range, a quantity over a plane, the loss of a run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "compiler/driver/commands.h"
#include "compiler/driver/evaluation.h"
#include "compiler/driver/model_functions.h"
#include "compiler/driver/plane.h"
#include "compiler/driver/print_values.h"
#include "compiler/driver/run_model.h"
#include "compiler/driver/whole_batch.h"
#include "runtime/history.h"
#include "runtime/plot_svg.h"

namespace gradc::driver {
namespace {

constexpr std::size_t lines_at_most = 4;  // more are not told apart

Result<std::string> lines(const ModelFile& file, const Derivatives& made, const Evaluation& evaluation) {
  const Axis& axis = evaluation.axes[0];
  const HostArray& at = axis.lists[0].second;
  if (at.size() != axis.count)
    return error_at(DiagnosticCode::E603, "--set " + axis.name,
                    "a plot goes along a number, and this is an array",
                    "name two of its elements for a plane: `--set x.0=-1:1:0.1 --set x.1=-1:1:0.1`");
  Plot plot{.title = file.name, .x_label = axis.name, .y_label = "", .series = {}};
  const std::vector<TensorId>& tensors = made.system.outputs();
  for (const Derivative& d : made.wanted) {
    const auto which = static_cast<std::size_t>(std::ranges::find(tensors, d.tensor) - tensors.begin());
    const std::int64_t elements = evaluation.results.front()[which].size();
    for (std::int64_t k = 0; k < elements && plot.series.size() <= lines_at_most; ++k) {
      PlotSeries& series = plot.series.emplace_back();
      series.name = label(file, d) + (elements > 1 ? fmt::format("[{}]", k) : "");
      for (std::int64_t p = 0; p < evaluation.points; ++p) {
        series.x.push_back(at.value(p));
        series.y.push_back(evaluation.results[static_cast<std::size_t>(p)][which].value(k));
      }
    }
  }
  if (plot.series.size() > lines_at_most)
    return error_at(DiagnosticCode::E608, "gradc plot",
                    fmt::format("there are more than {} lines", lines_at_most),
                    "choose with `--of`, `--wrt` and `--order`");
  return plot_svg(plot);
}

Result<std::string> draw(const ModelFile& file, const Options& options) {
  Dump quiet("");
  Result<Plane> plane = plane_of(file, options);
  if (!plane) return plane.diagnostics();
  Options chosen = options;
  chosen.set = plane->set;
  chosen.data.clear();
  const bool is_plane = plane->axes.size() == 2;
  if (chosen.wrt.empty() && plane->axes.size() == 1) chosen.wrt = {plane->axes[0].name};
  const auto of_order = [&](int order) {
    return make_request(file, chosen, order, DefaultWrt::inputs_and_params);
  };
  Result<Request> request = of_order(0);
  // Where nobody asks for a slope that is not known, the values are drawn alone.
  const bool stated = options.order || !options.wrt.empty();
  if (request && !is_plane && (stated || !unknown_partial(file, *request)))
    request = of_order(options.order.value_or(1));
  if (!request) return request.diagnostics();
  Derivatives made = numbers(file, differentiate(file.model.system, *request));
  const kernel::FunctionSpec function = value_function(file, made, quiet);
  const Result<Evaluation> evaluation = evaluate(file, chosen, function, quiet);
  if (!evaluation) return evaluation.diagnostics();
  if (!is_plane) return lines(file, made, *evaluation);
  return plane_picture(file, options, *plane, made, *evaluation);
}

}  // namespace

int plot_command(const Options& options) {
  std::error_code ignored;
  if (std::filesystem::is_directory(options.file, ignored)) {
    if (options.set.empty()) {
      const Result<std::string> picture = history_picture(options.file);
      return picture ? deliver(options, *picture) : report(picture.diagnostics());
    }
    Dump quiet("");
    const Result<Run> run = open_run(options.file);
    if (!run) return report(run.diagnostics());
    std::optional<ModelFile> file = model_of(*run, options.file, quiet);
    if (!file) return status_user_error;
    take_whole_batch(*file);
    const Result<std::string> picture = draw(*file, with_learned(*run, options));
    return picture ? deliver(options, *picture) : report(picture.diagnostics(), file->sources);
  }
  Dump quiet("");
  std::optional<ModelFile> file = load_model(options, quiet);
  if (!file) return status_user_error;
  take_whole_batch(*file);
  const Result<std::string> picture = draw(*file, options);
  return picture ? deliver(options, *picture) : report(picture.diagnostics(), file->sources);
}

}  // namespace gradc::driver
