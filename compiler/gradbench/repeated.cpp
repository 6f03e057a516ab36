// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/gradbench/repeated.h"

#include <algorithm>

namespace gradc::gradbench {
namespace {

constexpr std::int64_t camera_parameters = 11, point_parameters = 3, entries = 15, shown = 30;

// One row, so many times; a number if the row's shape is empty.
HostArray repeat(const HostArray& row, std::int64_t times) {
  Shape shape{times};
  shape.insert(shape.end(), row.shape().begin(), row.shape().end());
  HostArray made(Storage::f64, shape);
  const auto from = row.as<double>();
  auto to = made.as<double>();
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = from[i % from.size()];
  return made;
}

// i mod n, for i below count.
HostArray in_turn(std::int64_t n, std::int64_t count) {
  HostArray made(Storage::f64, {count});
  for (std::int64_t i = 0; i < count; ++i) made.set_value(i, static_cast<double>(i % n));
  return made;
}

// The first entries, and the last.
template <class Entry>
Json ends(std::int64_t count, const Entry& entry) {
  Json made = Json::array();
  for (std::int64_t i = 0; i < std::min(count, shown); ++i) made.push_back(entry(i));
  if (count > 0) made.push_back(entry(count - 1));
  return made;
}

Json write_objective(const Results& results, const Inputs&) {
  const HostArray &errors = results("e"), &weights = results("z");
  const std::int64_t p = weights.size();
  return {{"reproj_error", {{"elements", {errors.value(0), errors.value(1)}}, {"repeated", p}}},
          {"w_err", {{"element", weights.value(0)}, {"repeated", p}}}};
}

// Compressed sparse rows: an error's by its camera, its point and its weight; then a weight term's by its
// weight.
Json write_jacobian(const Results& results, const Inputs& inputs) {
  const HostArray &by_camera = results("Jc"), &by_point = results("JX"), &by_weight = results("Jw"),
                  &of_weight = results("Jz");
  const auto given = [&](const char* name) -> const HostArray& { return *find(inputs.arrays, name); };
  const HostArray &camera = given("cam"), &point = given("pt");
  const std::int64_t p = of_weight.size(), n = given("cams").shape()[0], m = given("X").shape()[0];
  const std::int64_t in_errors = 2 * p * entries, all = in_errors + p;
  const std::int64_t points_from = camera_parameters * n, weights_from = points_from + point_parameters * m;
  const auto row_begin = [&](std::int64_t row) {
    return row <= 2 * p ? row * entries : in_errors + (row - 2 * p);
  };
  const auto column = [&](std::int64_t k) -> std::int64_t {
    if (k >= in_errors) return weights_from + (k - in_errors);
    const std::int64_t i = k / (2 * entries), at = k % entries;
    if (at < camera_parameters) return camera_parameters * static_cast<std::int64_t>(camera.value(i)) + at;
    if (at < camera_parameters + point_parameters)
      return points_from + point_parameters * static_cast<std::int64_t>(point.value(i)) + at -
             camera_parameters;
    return weights_from + i;
  };
  const auto value = [&](std::int64_t k) {
    if (k >= in_errors) return of_weight.value(k - in_errors);
    const std::int64_t row = k / entries, at = k % entries;
    if (at < camera_parameters) return by_camera.value(row * camera_parameters + at);
    if (at < camera_parameters + point_parameters)
      return by_point.value(row * point_parameters + at - camera_parameters);
    return by_weight.value(row);
  };
  return {{"rows", ends(3 * p + 1, row_begin)}, {"cols", ends(all, column)}, {"vals", ends(all, value)}};
}

}  // namespace

Inputs read_ba(Fields& input) {
  const std::int64_t n = input.size("n"), m = input.size("m"), p = input.size("p");
  const HostArray camera = input.array("cam", 1), point = input.array("x", 1),
                  feature = input.array("feat", 1);
  const HostArray weight = input.array("w", 0);
  if (n == 0 || m == 0 || p == 0) input.fail("`n`, `m` and `p` count what there is at least one of");
  if (camera.size() != camera_parameters || point.size() != point_parameters || feature.size() != 2)
    input.fail("`cam`, `x` and `feat` have 11, 3 and 2 numbers");
  if (p > elements_at_most / (2 * entries) || n > elements_at_most / camera_parameters ||
      m > elements_at_most / point_parameters)
    input.fail("`n`, `m` or `p` is too large");
  if (!input.fault().empty()) return {};
  Inputs made;
  made.arrays.push_back({"cams", repeat(camera, n)});
  made.arrays.push_back({"X", repeat(point, m)});
  made.arrays.push_back({"w", repeat(weight, p)});
  made.arrays.push_back({"feat", repeat(feature, p)});
  made.arrays.push_back({"cam", in_turn(n, p)});
  made.arrays.push_back({"pt", in_turn(m, p)});
  return made;
}

std::vector<Function> ba_functions() {
  return {{"objective", {"e", "z"}, write_objective}, {"jacobian", {"Jc", "JX", "Jw", "Jz"}, write_jacobian}};
}

}  // namespace gradc::gradbench
