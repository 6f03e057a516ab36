// One axis of a plot: from data to picture, and round numbers to write along it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <vector>

namespace gradc {

struct AxisTick {
  double value;
  std::string text;
};

class PlotAxis {
 public:
  // For data from `low` to `high`, drawn from `begin` to `end`.
  PlotAxis(double low, double high, bool logarithmic, bool whole_numbers, double begin, double end);

  double position(double value) const;
  const std::vector<AxisTick>& ticks() const { return ticks_; }

 private:
  void make_linear_ticks(bool whole_numbers);
  void make_logarithmic_ticks();

  double low_, high_;  // logarithms, if the axis is logarithmic
  bool logarithmic_;
  double begin_, end_;
  std::vector<AxisTick> ticks_;
};

}  // namespace gradc
