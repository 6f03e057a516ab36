// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/print_values.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <numeric>

namespace gradc::driver {
namespace {

using Writer = std::function<std::string(std::int64_t)>;

// `[[1, 2], [3, 4]]` from an axis on, the elements as `element` writes them.
std::string nested(const Shape& shape, std::size_t axis, std::int64_t& next, const Writer& element) {
  if (axis == shape.size()) return element(next++);
  std::string text = "[";
  for (std::int64_t k = 0; k < shape[axis]; ++k)
    text += (k == 0 ? "" : ", ") + nested(shape, axis + 1, next, element);
  return text + "]";
}

// The second derivatives [y][b][a] from [y][a][b], where y and a stand for so many axes.
HostArray transposed(const HostArray& array, std::size_t rank_of_y, std::size_t rank_of_a) {
  const Shape& shape = array.shape();
  const auto y = shape.begin() + static_cast<std::ptrdiff_t>(rank_of_y),
             b = y + static_cast<std::ptrdiff_t>(rank_of_a);
  Shape turned(shape.begin(), y);
  turned.insert(turned.end(), b, shape.end());
  turned.insert(turned.end(), y, b);
  const auto count = [](auto from, auto to) {
    return std::accumulate(from, to, std::int64_t{1}, std::multiplies<>());
  };
  const std::int64_t quantities = count(shape.begin(), y), rows = count(y, b),
                     columns = count(b, shape.end());
  HostArray result(array.storage(), turned);
  for (std::int64_t q = 0; q < quantities; ++q)
    for (std::int64_t i = 0; i < rows; ++i)
      for (std::int64_t j = 0; j < columns; ++j)
        result.set_value((q * columns + j) * rows + i, array.value((q * rows + i) * columns + j));
  return result;
}

std::string text_array(const HostArray& array, bool is_condition, std::size_t indent) {
  const auto element = [&](std::int64_t i) {
    if (is_condition) return std::string(array.value(i) != 0 ? "true" : "false");
    return short_number(array.value(i));
  };
  const Shape& shape = array.shape();
  std::int64_t next = 0;
  if (shape.size() < 2 || shape[0] == 0) return nested(shape, 0, next, element);
  std::string text = "[";  // a row a line
  for (std::int64_t k = 0; k < shape[0]; ++k)
    text += (k == 0 ? "" : ",\n" + std::string(indent + 1, ' ')) + nested(shape, 1, next, element);
  return text + "]";
}

}  // namespace

std::string json_number(double value) {
  if (std::isfinite(value)) return fmt::format("{:.17g}", value);
  return std::isnan(value) ? "\"nan\"" : value > 0 ? "\"inf\"" : "\"-inf\"";
}

std::string json_array(const HostArray& array, bool is_condition) {
  std::int64_t next = 0;
  return nested(array.shape(), 0, next, [&](std::int64_t i) -> std::string {
    if (is_condition) return array.value(i) != 0 ? "true" : "false";
    return json_number(array.value(i));
  });
}

std::string json_name(std::string_view name) { return nlohmann::json(name).dump(); }

const HostArray& Results::of(TensorId tensor) const {
  const auto found = std::ranges::find(tensors, tensor);
  return arrays[static_cast<std::size_t>(found - tensors.begin())];
}

bool Results::is_condition(const Derivative& derivative) const {
  return derivative.wrt.empty() && file->tensor(derivative.of).type == Type::boolean;
}

void make_symmetric(const Derivatives& made, std::span<const TensorId> tensors, std::span<HostArray> arrays) {
  for (const Derivative& d : made.wanted) {
    const bool is_matrix = made.system.context().tensor(d.of).rank() == 0;
    if (!is_matrix || d.is_sparse() || d.wrt.size() != 2 || d.wrt[0] != d.wrt[1]) continue;
    HostArray& array =
        arrays[static_cast<std::size_t>(std::ranges::find(tensors, d.tensor) - tensors.begin())];
    const auto n = static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(array.size()))));
    for (std::int64_t i = 0; i < n; ++i)
      for (std::int64_t j = i + 1; j < n; ++j) array.set_value(j * n + i, array.value(i * n + j));
  }
}

std::string label(const ModelFile& file, const Derivative& derivative) {
  const std::string of = file.tensor(derivative.of).name;
  const auto name = [&](TensorId t) { return "d" + file.tensor(t).name; };
  const std::vector<TensorId>& wrt = derivative.wrt;
  if (wrt.empty()) return of;
  if (wrt.size() == 1) return "d" + of + "/" + name(wrt[0]);
  const std::string order = std::to_string(wrt.size());
  if (std::ranges::count(wrt, wrt[0]) == std::ssize(wrt))
    return "d" + order + of + "/" + name(wrt[0]) + "^" + order;
  std::string text = "d" + order + of + "/(";
  for (std::size_t k = 0; k < wrt.size(); ++k) text += (k == 0 ? "" : " ") + name(wrt[k]);
  return text + ")";
}

std::string json_object(const Results& results, const Request& request) {
  const ModelFile& file = *results.file;
  const auto named = [&](TensorId t) { return json_name(file.tensor(t).name) + ": "; };
  std::string text = "{";
  for (TensorId of : request.of) {
    std::string value, gradient;
    std::map<std::pair<TensorId, TensorId>, std::string> hessian;
    for (const Derivative& d : results.made->wanted) {
      if (d.of != of) continue;
      const HostArray& array = results.of(d);
      if (d.is_sparse()) {
        const SparseRows matrix = sparse_rows(results, d);
        if (d.wrt.size() == 1)
          gradient += (gradient.empty() ? "" : ", ") + named(d.wrt[0]) + json_sparse(matrix);
        else
          hessian[{d.wrt[0], d.wrt[1]}] = json_sparse(matrix);
        if (d.wrt.size() == 2 && d.wrt[0] != d.wrt[1])
          hessian[{d.wrt[1], d.wrt[0]}] = json_sparse(transposed(matrix));
      } else if (d.wrt.empty()) {
        value = json_array(array, results.is_condition(d));
      } else if (d.wrt.size() == 1) {
        gradient += (gradient.empty() ? "" : ", ") + named(d.wrt[0]) + json_array(array);
      } else {
        hessian[{d.wrt[0], d.wrt[1]}] = json_array(array);
        if (d.wrt[0] != d.wrt[1])
          hessian[{d.wrt[1], d.wrt[0]}] =
              json_array(transposed(array, file.tensor(of).rank(), file.tensor(d.wrt[0]).rank()));
      }
    }
    text += (of == request.of.front() ? "" : ", ") + named(of) + "{\"value\": " + value;
    if (!gradient.empty()) text += ", \"gradient\": {" + gradient + "}";
    if (!hessian.empty()) {
      text += ", \"hessian\": {";
      for (TensorId a : request.wrt) {
        text += (a == request.wrt.front() ? "" : ", ") + named(a) + "{";
        for (TensorId b : request.wrt)
          text += (b == request.wrt.front() ? "" : ", ") + named(b) + hessian.at({a, b});
        text += "}";
      }
      text += "}";
    }
    text += "}";
  }
  return text + "}";
}

std::string text_lines(const Results& results) {
  std::string text;
  for (const Derivative& d : results.made->wanted) {
    const std::string left = label(*results.file, d) + " = ";
    text += left + text_array(results.of(d), results.is_condition(d), left.size()) + "\n";
  }
  return text;
}

}  // namespace gradc::driver
