// Tables over points: a row for each, and over examples the mean below.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "compiler/driver/print_values.h"

namespace gradc::driver {
namespace {

constexpr std::size_t columns_at_most = 40;

// A number of each point: an element of what varies, or of a result; none behind an example's end.
struct Column {
  std::string heading;
  std::vector<std::optional<double>> values;
  bool in_mean = false;
};

// Where element k of the whole shape stands in a part of it that ends earlier on some axes.
std::optional<std::int64_t> place_in(const Shape& part, const Shape& whole, std::int64_t k) {
  std::int64_t place = 0, count = 1;
  for (std::size_t axis = whole.size(); axis-- > 0; k /= whole[axis]) {
    const std::int64_t at = k % whole[axis];
    if (at >= part[axis]) return std::nullopt;
    place += at * count;
    count *= part[axis];
  }
  return place;
}

// "[1, 2]" for element k of a shape.
std::string subscripts(const Shape& shape, std::size_t from, std::int64_t k) {
  std::vector<std::int64_t> at;
  for (std::size_t axis = shape.size(); axis-- > from;) {
    at.insert(at.begin(), k % shape[axis]);
    k /= shape[axis];
  }
  std::string text;
  for (std::int64_t i : at) text += fmt::format("{}{}", text.empty() ? "[" : ", ", i);
  return text.empty() ? "" : text + "]";
}

std::vector<Column> columns_of(const ModelFile& file, const Derivatives& made, const Evaluation& evaluation,
                               std::span<const TensorId> tensors) {
  std::vector<Column> columns;
  const auto add = [&](const std::string& heading, const Shape& shape, std::size_t from,
                       std::int64_t elements, bool in_mean,
                       const std::function<std::optional<double>(std::int64_t, std::int64_t)>& value) {
    for (std::int64_t k = 0; k < elements && columns.size() <= columns_at_most; ++k) {
      Column& column = columns.emplace_back(heading + subscripts(shape, from, k));
      column.in_mean = in_mean;
      for (std::int64_t p = 0; p < evaluation.points; ++p) column.values.push_back(value(p, k));
    }
  };
  for (std::size_t a = 0; a < evaluation.axes.size(); ++a)
    for (const auto& [tensor, list] : evaluation.axes[a].lists) {
      const std::int64_t elements = list.size() / evaluation.axes[a].count;
      if (elements > 8) continue;  // pictures: the example's number stands for them
      const auto shapes = evaluation.shapes.find(tensor);
      const Shape whole(list.shape().begin() + 1, list.shape().end());
      add(file.tensor(tensor).name, list.shape(), 1, elements, false, [&](std::int64_t p, std::int64_t k) {
        if (shapes != evaluation.shapes.end() &&
            !place_in(shapes->second[static_cast<std::size_t>(p)], whole, k))
          return std::optional<double>();
        return std::optional(list.value(evaluation.position(a, p) * elements + k));
      });
    }
  for (const Derivative& d : made.wanted) {
    const auto which = static_cast<std::size_t>(std::ranges::find(tensors, d.tensor) - tensors.begin());
    Shape whole = evaluation.results.front()[which].shape();
    std::int64_t elements = 1;
    for (const auto& results : evaluation.results)
      for (std::size_t axis = 0; axis < whole.size(); ++axis)
        whole[axis] = std::max(whole[axis], results[which].shape()[axis]);
    for (const std::int64_t size : whole) elements *= size;
    add(label(file, d), whole, 0, elements, true, [&](std::int64_t p, std::int64_t k) {
      const HostArray& result = evaluation.results[static_cast<std::size_t>(p)][which];
      const auto place = place_in(result.shape(), whole, k);
      return place ? std::optional(result.value(*place)) : std::nullopt;
    });
  }
  return columns;
}

}  // namespace

Result<std::string> text_table(const ModelFile& file, const Derivatives& made, const Evaluation& evaluation,
                               std::span<const TensorId> tensors) {
  const std::vector<Column> columns = columns_of(file, made, evaluation, tensors);
  if (columns.size() > columns_at_most)
    return error_at(DiagnosticCode::E608, "gradc eval",
                    fmt::format("the table would have more than {} columns", columns_at_most),
                    "choose with `--of` and `--wrt`, or take `--json`");
  const bool mean = evaluation.axes.size() == 1 && evaluation.axes[0].is_data;
  std::vector<std::vector<std::string>> rows(1);
  if (mean) rows[0].push_back("example");
  for (const Column& column : columns) rows[0].push_back(column.heading);
  for (std::int64_t p = 0; p < evaluation.points; ++p) {
    std::vector<std::string>& row = rows.emplace_back();
    if (mean) row.push_back(std::to_string(p));
    for (const Column& column : columns) {
      const std::optional<double>& value = column.values[static_cast<std::size_t>(p)];
      row.push_back(value ? short_number(*value) : "");
    }
  }
  if (mean) {
    std::vector<std::string>& row = rows.emplace_back(1, "mean");
    for (const Column& column : columns) {
      double sum = 0;
      bool of_all = column.in_mean;
      for (const std::optional<double>& value : column.values) {
        of_all = of_all && value;
        sum += value.value_or(0);
      }
      row.push_back(of_all ? short_number(sum / static_cast<double>(evaluation.points)) : "");
    }
  }
  std::vector<std::size_t> widths(rows[0].size());
  for (const auto& row : rows)
    for (std::size_t k = 0; k < row.size(); ++k) widths[k] = std::max(widths[k], row[k].size());
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t k = 0; k < row.size(); ++k)
      text += fmt::format("{}{:>{}}", k == 0 ? "" : "  ", row[k], widths[k]);
    text.resize(text.find_last_not_of(' ') + 1);
    text += "\n";
  }
  return text;
}

std::string json_table(const ModelFile& file, const Derivatives& made, const Request& request,
                       const Evaluation& evaluation, std::span<const TensorId> tensors) {
  std::string text = "[\n";
  for (std::int64_t p = 0; p < evaluation.points; ++p) {
    text += std::string(p == 0 ? "" : ",\n") + "  {\"point\": {";
    for (std::size_t a = 0; a < evaluation.axes.size(); ++a) {
      const Axis& axis = evaluation.axes[a];
      const std::int64_t at = evaluation.position(a, p);
      if (a > 0) text += ", ";
      if (axis.is_data) {
        text += fmt::format("\"example\": {}", at);
      } else {
        const HostArray& list = axis.lists[0].second;
        const std::int64_t elements = list.size() / axis.count;
        HostArray row(list.storage(), Shape(list.shape().begin() + 1, list.shape().end()));
        for (std::int64_t i = 0; i < elements; ++i) row.set_value(i, list.value(at * elements + i));
        text += json_name(axis.name) + ": " + json_array(row);
      }
    }
    const Results results{&file, &made, tensors, evaluation.results[static_cast<std::size_t>(p)]};
    text += "}, \"results\": " + json_object(results, request) + "}";
  }
  return text + "\n]";
}

}  // namespace gradc::driver
