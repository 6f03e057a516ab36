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

// `along` is an element of a vector, if it is one: then only slopes by it are drawn.
Result<std::string> lines(const ModelFile& file, const Derivatives& made, const Evaluation& evaluation,
                          const Plane::Axis* along) {
  const Axis& axis = evaluation.axes[0];
  const HostArray& at = axis.lists[0].second;
  if (at.size() != axis.count && !along)
    return error_at(DiagnosticCode::E603, "--set " + axis.name,
                    "a plot goes along a number, and this is an array",
                    "name one of its elements for a line, or two for a plane: `--set x.0=-1:1:0.1`");
  Plot plot{.title = file.name, .x_label = along ? along->name : axis.name, .y_label = "", .series = {}};
  const std::vector<TensorId>& tensors = made.system.outputs();
  for (const Derivative& d : made.wanted) {
    const auto which = static_cast<std::size_t>(std::ranges::find(tensors, d.tensor) - tensors.begin());
    // Of a derivative by a vector, or by it several times: the element by the one along which the plot goes.
    std::int64_t columns = 1, column = 0;
    for (std::size_t k = 0; along && k < d.wrt.size(); ++k) {
      column = column * along->elements + along->element;
      columns *= along->elements;
    }
    const std::int64_t elements = evaluation.results.front()[which].size() / columns;
    for (std::int64_t k = 0; k < elements && plot.series.size() <= lines_at_most; ++k) {
      PlotSeries& series = plot.series.emplace_back();
      series.name = label(file, d) + (along && !d.wrt.empty() ? fmt::format("[{}]", along->element) : "") +
                    (elements > 1 ? fmt::format("[{}]", k) : "");
      for (std::int64_t p = 0; p < evaluation.points; ++p) {
        series.x.push_back(along ? along->values[static_cast<std::size_t>(p)] : at.value(p));
        series.y.push_back(
            evaluation.results[static_cast<std::size_t>(p)][which].value(k * columns + column));
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
  if (chosen.wrt.empty() && plane->axes.size() == 1) chosen.wrt = {plane->axes[0].input};
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
  const Plane::Axis& first = plane->axes[0];
  const bool along = first.element >= 0 && chosen.wrt == std::vector<std::string>{first.input};
  if (!is_plane && first.element >= 0 && !along && !made.wanted.back().wrt.empty())
    return error_at(DiagnosticCode::E606, "--set " + first.name,
                    fmt::format("along an element of `{0}`, slopes are by `{0}`", first.input),
                    "leave `--wrt` out, or say `--order 0`");
  if (!is_plane) return lines(file, made, *evaluation, first.element >= 0 ? &first : nullptr);
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
