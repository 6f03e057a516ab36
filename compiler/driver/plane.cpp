// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/plane.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "compiler/driver/examples.h"
#include "compiler/driver/set_value.h"
#include "runtime/plot_plane.h"

namespace gradc::driver {
namespace {

constexpr const char* how =
    "a line: `--set x=-5:5:0.1`, or `--set x.0=…`; a plane: two of them, or `--set x.0=… --set x.1=…`";

std::vector<double> numbers_of(const HostArray& array) {
  std::vector<double> values;
  for (std::int64_t k = 0; k < array.size(); ++k) values.push_back(array.value(k));
  return values;
}

// The points of a plane as a list of vectors: the second axis varies fastest.
Result<std::string> list_of(const std::string& input, std::vector<double> base,
                            const std::vector<Plane::Axis>& axes) {
  std::string text = input + "=[";
  const std::vector<double> one{0};
  const std::vector<double>& second = axes.size() > 1 ? axes[1].values : one;
  for (const double a : axes[0].values)
    for (const double b : second) {
      base[static_cast<std::size_t>(axes[0].element)] = a;
      if (axes.size() > 1) base[static_cast<std::size_t>(axes[1].element)] = b;
      text += text.back() == '[' ? "[" : ",[";
      for (std::size_t k = 0; k < base.size(); ++k) text += fmt::format("{}{}", k ? "," : "", base[k]);
      text += "]";
    }
  return text + "]";
}

// Where the example lies in the picture.
double coordinate(const Dataset& data, const Plane::Axis& axis, std::int64_t example) {
  const HostArray& column = *data.column(axis.input);
  const std::int64_t elements = column.size() / data.examples;
  return column.value(example * elements + std::max<std::int64_t>(axis.element, 0));
}

Result<std::vector<PlotPlane::Dot>> dots(const ModelFile& file, const Options& options, const Plane& plane,
                                         double level) {
  std::vector<PlotPlane::Dot> found;
  if (options.data.empty()) return found;
  std::vector<TensorId> wanted;
  std::string target;
  for (const Declaration& d : file.model.declarations) {
    const Tensor& t = file.tensor(d.tensor);
    const bool is_axis =
        std::ranges::any_of(plane.axes, [&](const Plane::Axis& a) { return a.input == t.name; });
    if (t.role == Role::target && t.rank() == 0 && target.empty()) target = t.name;
    if (is_axis || t.name == target) wanted.push_back(d.tensor);
  }
  GivenValues given(file, false, 0);
  const Result<Dataset> data = read_examples(file, given, wanted, options.data);
  if (!data) return data.diagnostics();
  for (std::int64_t n = 0; n < data->examples; ++n)
    found.push_back({coordinate(*data, plane.axes[0], n), coordinate(*data, plane.axes[1], n),
                     !target.empty() && data->column(target)->value(n) > level});
  return found;
}

}  // namespace

Result<Plane> plane_of(const ModelFile& file, const Options& options) {
  Plane plane;
  std::vector<std::string> rest;
  for (const std::string& text : options.set) {
    const std::size_t equals = text.find('='), dot = text.substr(0, equals).find('.');
    if (dot == std::string::npos || equals == std::string::npos) {
      rest.push_back(text);
      continue;
    }
    Result<SetValue> range = parse_set(text);
    if (!range) return range.diagnostics();
    Plane::Axis axis{text.substr(0, equals), text.substr(0, dot), -1, numbers_of(range->array)};
    const auto [end, fault] = std::from_chars(text.data() + dot + 1, text.data() + equals, axis.element);
    if (fault != std::errc() || end != text.data() + equals || axis.element < 0)
      return error_at(DiagnosticCode::E602, "--set " + axis.name, "the number of an element was expected",
                      "write `--set x.0=-1:1:0.1`");
    plane.axes.push_back(std::move(axis));
  }
  if (plane.axes.empty()) {
    for (const std::string& text : rest) {
      Result<SetValue> value = parse_set(text);
      if (!value) return value.diagnostics();
      if (value->is_range) plane.axes.push_back({value->name, value->name, -1, numbers_of(value->array)});
    }
    plane.set = std::move(rest);
  } else {
    const std::string input = plane.axes[0].input;
    std::vector<double> base;
    for (const std::string& text : rest) {
      if (!text.starts_with(input + "=")) {
        plane.set.push_back(text);
        continue;
      }
      Result<SetValue> value = parse_set(text);
      if (!value) return value.diagnostics();
      base = numbers_of(value->array);
    }
    for (const Declaration& d : file.model.declarations)
      if (const Tensor& t = file.tensor(d.tensor); t.name == input && t.rank() == 1 && base.empty())
        if (const Expr size = file.context->dim(t.dims[0]).size; size && size->is_constant())
          base.resize(static_cast<std::size_t>(size->value->to_int64().value_or(0)));
    for (Plane::Axis& axis : plane.axes) {
      axis.elements = std::ssize(base);
      if (axis.input != input || axis.element >= std::ssize(base))
        return error_at(DiagnosticCode::E603, "--set " + axis.name,
                        fmt::format("`{}` has no such element", axis.input),
                        "the elements of one vector; `--set x=[…]` gives the others");
    }
    if (plane.axes.size() <= 2) {
      Result<std::string> list = list_of(input, base, plane.axes);
      plane.set.push_back(std::move(*list));
    }
  }
  if (plane.axes.empty() || plane.axes.size() > 2)
    return error_at(DiagnosticCode::E605, "gradc plot",
                    plane.axes.empty() ? "over what? There is no range" : "there are more than two ranges",
                    how);
  return plane;
}

Result<std::string> plane_picture(const ModelFile& file, const Options& options, const Plane& plane,
                                  const Derivatives& made, const Evaluation& evaluation) {
  PlotPlane picture{.title = file.name,
                    .x_label = plane.axes[0].name,
                    .y_label = plane.axes[1].name,
                    .x = plane.axes[0].values,
                    .y = plane.axes[1].values,
                    .values = {},
                    .level = 0.5};
  const auto& tensors = made.system.outputs();
  const TensorId shown = made.wanted.front().tensor;
  const auto which = static_cast<std::size_t>(std::ranges::find(tensors, shown) - tensors.begin());
  if (made.wanted.size() > 1 || evaluation.results.front()[which].size() != 1)
    return error_at(DiagnosticCode::E603, "gradc plot", "over a plane, one number is shown",
                    "name it with `--of`");
  picture.title += ": " + file.tensor(shown).name;
  for (const std::vector<HostArray>& point : evaluation.results)
    picture.values.push_back(point[which].value(0));
  Result<std::vector<PlotPlane::Dot>> examples = dots(file, options, plane, picture.level);
  if (!examples) return examples.diagnostics();
  picture.dots = std::move(*examples);
  return plot_plane_svg(picture);
}

}  // namespace gradc::driver
