// A quantity over two others as an SVG file: where it is high and low, the line between, and examples as
// dots. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <vector>

namespace gradc {

struct PlotPlane {
  std::string title, x_label, y_label;
  std::vector<double> x, y;    // rising
  std::vector<double> values;  // [x][y]; not finite: left out
  double level = 0.5;          // where the line is drawn
  struct Dot {
    double x, y;
    bool high;
  };
  std::vector<Dot> dots = {};
};

std::string plot_plane_svg(const PlotPlane& plane);

}  // namespace gradc
