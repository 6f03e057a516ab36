// A function of one example, computed at one point or at many: what `gradc eval` does.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <map>
#include <string>
#include <vector>

#include "compiler/driver/derivatives.h"
#include "compiler/driver/examples.h"
#include "compiler/kernel/lower.h"

namespace gradc::driver {

// What is varied together from point to point: a list of --set, or the examples of --data.
struct Axis {
  std::string name;  // "x", or "example"
  std::vector<std::pair<TensorId, HostArray>> lists;
  std::int64_t count = 0;
  bool is_data = false;
};

struct Evaluation {
  std::vector<Axis> axes;  // none: one point
  std::int64_t points = 1;
  // [point][result of the function], in the order of its results.
  std::vector<std::vector<HostArray>> results;
  // By point, where examples differ in length: the shapes of what they bring.
  std::map<TensorId, std::vector<Shape>> shapes;
  Point<double> given;  // what was given at the last point

  // Which of the axis' values point p has; the last axis varies fastest.
  std::int64_t position(std::size_t axis, std::int64_t point) const;
};

Result<Evaluation> evaluate(const ModelFile& file, const Options& options,
                            const kernel::FunctionSpec& function, Dump& dump);

}  // namespace gradc::driver
