// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/plot_svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "runtime/plot_frame.h"

namespace gradc {
namespace {

constexpr double left = plot_left, right = plot_right, top = plot_top, bottom = plot_bottom;
constexpr std::size_t points_drawn = 1200;  // more cannot be told apart on so many pixels

struct Point {
  double x, y;
};

std::vector<Point> finite_points(const PlotSeries& series) {
  std::vector<Point> points;
  for (std::size_t i = 0; i < std::min(series.x.size(), series.y.size()); ++i)
    if (std::isfinite(series.x[i]) && std::isfinite(series.y[i]))
      points.push_back({series.x[i], series.y[i]});
  return points;
}

// The lowest and the highest point of each of equal stretches, so that spikes stay visible.
std::vector<Point> thin_out(const std::vector<Point>& points) {
  if (points.size() <= points_drawn) return points;
  std::vector<Point> kept;
  const std::size_t stretches = points_drawn / 2;
  for (std::size_t s = 0; s < stretches; ++s) {
    const auto begin = points.begin() + static_cast<std::ptrdiff_t>(s * points.size() / stretches);
    const auto end = points.begin() + static_cast<std::ptrdiff_t>((s + 1) * points.size() / stretches);
    const auto [low, high] = std::minmax_element(begin, end, [](Point a, Point b) { return a.y < b.y; });
    kept.push_back(*std::min(low, high));
    if (low != high) kept.push_back(*std::max(low, high));
  }
  return kept;
}

std::string draw_series(const std::vector<Point>& points, std::size_t number, const PlotAxis& x_axis,
                        const PlotAxis& y_axis) {
  if (points.empty()) return "";
  std::string svg = fmt::format("<polyline class=\"line s{}\" points=\"", number % 4);
  for (const Point& p : thin_out(points))
    svg += fmt::format("{:.1f},{:.1f} ", x_axis.position(p.x), y_axis.position(p.y));
  svg.back() = '"';
  svg += "/>\n";
  svg += fmt::format("<circle class=\"d{}\" r=\"3.5\" cx=\"{:.1f}\" cy=\"{:.1f}\"/>\n", number % 4,
                     x_axis.position(points.back().x), y_axis.position(points.back().y));
  return svg;
}

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// One row above the plot: a stroke and the name, and the last value.
std::string draw_legend(const Plot& plot, const std::vector<std::vector<Point>>& points) {
  std::string svg;
  double x = left;
  for (std::size_t i = 0; i < plot.series.size(); ++i) {
    if (points[i].empty()) continue;
    const std::string text = fmt::format("{}: {:.4g}", plot.series[i].name, points[i].back().y);
    svg += fmt::format("<line class=\"line s{0}\" x1=\"{1}\" x2=\"{2}\" y1=\"{3}\" y2=\"{3}\"/>\n", i % 4, x,
                       x + 22, top - 22);
    svg += fmt::format("<text x=\"{}\" y=\"{}\">{}</text>\n", x + 29, top - 17.5, escape_plot_text(text));
    x += 29 + 8.0 * static_cast<double>(characters(text)) + 24;
  }
  return svg;
}

}  // namespace

std::string plot_svg(const Plot& plot) {
  std::vector<std::vector<Point>> points;
  double x_low = INFINITY, x_high = -INFINITY, y_low = INFINITY, y_high = -INFINITY;
  bool whole = true;
  for (const PlotSeries& series : plot.series) {
    points.push_back(finite_points(series));
    for (const Point& p : points.back()) {
      x_low = std::min(x_low, p.x), x_high = std::max(x_high, p.x);
      y_low = std::min(y_low, p.y), y_high = std::max(y_high, p.y);
      whole = whole && p.x == std::floor(p.x);
    }
  }
  const bool empty = x_low > x_high;
  if (empty) x_low = y_low = 0, x_high = y_high = 1;
  const bool logarithmic = y_low > 0 && y_high / y_low > 100;
  const PlotAxis x_axis(x_low, x_high, false, whole, left + 8, right - 8);
  const PlotAxis y_axis(y_low, y_high, logarithmic, false, bottom, top);
  std::string svg = plot_begin(plot.title) + plot_axes(x_axis, y_axis, plot.x_label, plot.y_label);
  svg += draw_legend(plot, points);
  for (std::size_t i = 0; i < points.size(); ++i) svg += draw_series(points[i], i, x_axis, y_axis);
  if (empty)
    svg += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">no finite values</text>\n",
                       (left + right) / 2, (top + bottom) / 2);
  return svg + plot_end;
}

}  // namespace gradc
