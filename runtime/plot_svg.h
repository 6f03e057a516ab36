// A line plot as an SVG file that stands alone, readable on light and dark pages. The vertical axis is
// logarithmic when all values are positive and span more than two decades. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <vector>

namespace gradc {

struct PlotSeries {
  std::string name;
  std::vector<double> x = {};
  std::vector<double> y = {};  // points that are not finite are left out
};

struct Plot {
  std::string title;
  std::string x_label;
  std::string y_label;
  std::vector<PlotSeries> series;  // up to four are told apart
};

std::string plot_svg(const Plot& plot);

}  // namespace gradc
