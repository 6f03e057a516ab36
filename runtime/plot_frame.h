// What all plots share: paper, title, axes, colours for light and dark pages.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>

#include "runtime/plot_axis.h"

namespace gradc {

constexpr double plot_width = 720, plot_height = 440;
constexpr double plot_left = 78, plot_right = 700, plot_top = 74, plot_bottom = 384;

// Up to the frame; draw inside, then append plot_end.
std::string plot_begin(const std::string& title);
std::string plot_axes(const PlotAxis& x_axis, const PlotAxis& y_axis, const std::string& x_label,
                      const std::string& y_label);
constexpr const char* plot_end = "</svg>\n";

std::string escape_plot_text(const std::string& text);

}  // namespace gradc
