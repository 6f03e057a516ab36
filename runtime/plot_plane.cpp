// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/plot_plane.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "runtime/plot_frame.h"

namespace gradc {
namespace {

constexpr int shades = 8;  // on each side of the line

struct Place {
  double x, y;
};

class Drawing {
 public:
  explicit Drawing(const PlotPlane& plane)
      : p_(plane),
        x_(plane.x.front(), plane.x.back(), false, false, plot_left, plot_right),
        y_(plane.y.front(), plane.y.back(), false, false, plot_bottom, plot_top) {
    for (const double v : plane.values)
      if (std::isfinite(v)) farthest_ = std::max(farthest_, std::abs(v - plane.level));
  }

  std::string draw() const {
    // The cells lie over the lines of the axes.
    return plot_begin(p_.title) + plot_axes(x_, y_, p_.x_label, p_.y_label) + cells() + edge() + dots() +
           plot_end;
  }

 private:
  double value(std::size_t i, std::size_t j) const { return p_.values[i * p_.y.size() + j]; }

  // From -shades to shades; 0: no value.
  int shade(std::size_t i, std::size_t j) const {
    const double v = value(i, j) - p_.level;
    if (!std::isfinite(v) || farthest_ == 0) return 0;
    const int depth = std::clamp(static_cast<int>(std::ceil(std::abs(v) / farthest_ * shades)), 1, shades);
    return v < 0 ? -depth : depth;
  }

  // Half a step around each value; equal neighbours of a column are one rectangle.
  std::string cells() const {
    std::string svg;
    for (std::size_t i = 0; i < p_.x.size(); ++i)
      for (std::size_t j = 0; j < p_.y.size();) {
        const int here = shade(i, j);
        std::size_t end = j + 1;
        while (end < p_.y.size() && shade(i, end) == here) ++end;
        const double left = border(x_, p_.x, i), right = border(x_, p_.x, i + 1);
        const double bottom = border(y_, p_.y, j), top = border(y_, p_.y, end);
        if (here != 0)
          svg += fmt::format(
              "<rect class=\"{}\" fill-opacity=\"{:.2f}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" "
              "height=\"{:.1f}\" shape-rendering=\"crispEdges\"/>\n",
              here < 0 ? "low" : "high", 0.07 * std::abs(here), left, top, right - left, bottom - top);
        j = end;
      }
    return svg;
  }

  // On whole pixels, so that neighbours neither overlap nor leave a gap.
  static double border(const PlotAxis& axis, const std::vector<double>& at, std::size_t k) {
    const double value = k == 0 ? at.front() : k == at.size() ? at.back() : (at[k - 1] + at[k]) / 2;
    return std::round(axis.position(value));
  }

  // Marching squares (Lorensen & Cline 1987, in two dimensions): where the level crosses the sides of a cell.
  std::string edge() const {
    std::string path;
    for (std::size_t i = 0; i + 1 < p_.x.size(); ++i)
      for (std::size_t j = 0; j + 1 < p_.y.size(); ++j) {
        constexpr std::array<std::array<std::size_t, 2>, 5> corners{{{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}}};
        std::vector<Place> crossings;
        for (std::size_t k = 0; k < 4; ++k) {
          const auto [i0, j0] = std::pair(i + corners[k][0], j + corners[k][1]);
          const auto [i1, j1] = std::pair(i + corners[k + 1][0], j + corners[k + 1][1]);
          const double a = value(i0, j0) - p_.level, b = value(i1, j1) - p_.level;
          if (!std::isfinite(a) || !std::isfinite(b) || (a < 0) == (b < 0)) continue;
          const double t = a / (a - b);
          crossings.push_back({x_.position(p_.x[i0] + t * (p_.x[i1] - p_.x[i0])),
                               y_.position(p_.y[j0] + t * (p_.y[j1] - p_.y[j0]))});
        }
        for (std::size_t k = 0; k + 1 < crossings.size(); k += 2)
          path += fmt::format("M{:.1f} {:.1f}L{:.1f} {:.1f}", crossings[k].x, crossings[k].y,
                              crossings[k + 1].x, crossings[k + 1].y);
      }
    return path.empty() ? "" : "<path class=\"edge\" d=\"" + path + "\"/>\n";
  }

  std::string dots() const {
    std::string svg;
    for (const PlotPlane::Dot& dot : p_.dots)
      svg += fmt::format("<circle class=\"dot {}\" r=\"5\" cx=\"{:.1f}\" cy=\"{:.1f}\"/>\n",
                         dot.high ? "high" : "low", x_.position(dot.x), y_.position(dot.y));
    return svg;
  }

  const PlotPlane& p_;
  PlotAxis x_, y_;
  double farthest_ = 0;
};

}  // namespace

std::string plot_plane_svg(const PlotPlane& plane) { return Drawing(plane).draw(); }

}  // namespace gradc
