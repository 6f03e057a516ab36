// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "runtime/plot_frame.h"

#include <fmt/format.h>

namespace gradc {
namespace {

// Colours that people who confuse red and green can tell apart as well (Okabe & Ito, "Color universal
// design", 2008), darker on light paper and lighter on dark.
constexpr std::string_view style = R"(<style>
text { font-family: system-ui, "DejaVu Sans", sans-serif; font-size: 13px; fill: #374151 }
.title { font-size: 16px; font-weight: 600; fill: #111827 }
.paper { fill: #ffffff } .grid { stroke: #e5e7eb } .axis { stroke: #6b7280 }
.line { fill: none; stroke-width: 2; stroke-linejoin: round }
.s0 { stroke: #0072b2 } .s1 { stroke: #d55e00 } .s2 { stroke: #00795a } .s3 { stroke: #a8508a }
.low { fill: #d55e00 } .high { fill: #0072b2 } .edge { fill: none; stroke: #111827; stroke-width: 2 }
.dot { stroke: #ffffff } .d0 { fill: #0072b2 } .d1 { fill: #d55e00 } .d2 { fill: #00795a } .d3 { fill: #a8508a }
@media (prefers-color-scheme: dark) {
text { fill: #cbd5e1 } .title { fill: #f1f5f9 }
.paper { fill: #111827 } .grid { stroke: #2a3547 } .axis { stroke: #94a3b8 }
.s0 { stroke: #56b4e9 } .s1 { stroke: #f0a04b } .s2 { stroke: #3fcf9f } .s3 { stroke: #dd9cc4 }
.low { fill: #f0a04b } .high { fill: #56b4e9 } .edge { stroke: #f1f5f9 }
.dot { stroke: #111827 } .d0 { fill: #56b4e9 } .d1 { fill: #f0a04b } .d2 { fill: #3fcf9f } .d3 { fill: #dd9cc4 }
}
</style>
)";

}  // namespace

std::string escape_plot_text(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&')
      escaped += "&amp;";
    else if (c == '<')
      escaped += "&lt;";
    else if (c == '>')
      escaped += "&gt;";
    else if (c == '"')
      escaped += "&quot;";
    else if (static_cast<unsigned char>(c) >= ' ')
      escaped += c;
  }
  return escaped;
}

std::string plot_begin(const std::string& title) {
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
      "role=\"img\">\n",
      plot_width, plot_height);
  svg += fmt::format("<title>{}</title>\n", escape_plot_text(title));
  svg += style;
  svg += fmt::format("<rect class=\"paper\" width=\"{}\" height=\"{}\"/>\n", plot_width, plot_height);
  svg +=
      fmt::format("<text class=\"title\" x=\"{}\" y=\"30\">{}</text>\n", plot_left, escape_plot_text(title));
  return svg;
}

std::string plot_axes(const PlotAxis& x_axis, const PlotAxis& y_axis, const std::string& x_label,
                      const std::string& y_label) {
  std::string svg;
  for (const AxisTick& tick : y_axis.ticks()) {
    const double y = y_axis.position(tick.value);
    svg += fmt::format("<line class=\"grid\" x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\"/>\n",
                       plot_left, plot_right, y);
    svg += fmt::format("<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n", plot_left - 9, y + 4.5,
                       tick.text);
  }
  for (const AxisTick& tick : x_axis.ticks()) {
    const double x = x_axis.position(tick.value);
    svg += fmt::format("<line class=\"axis\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\"/>\n", x,
                       plot_bottom, plot_bottom + 5);
    svg += fmt::format("<text x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n", x, plot_bottom + 20,
                       tick.text);
  }
  svg += fmt::format("<line class=\"axis\" x1=\"{0}\" x2=\"{1}\" y1=\"{2}\" y2=\"{2}\"/>\n", plot_left,
                     plot_right, plot_bottom);
  svg += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
                     (plot_left + plot_right) / 2, plot_bottom + 44, escape_plot_text(x_label));
  svg += fmt::format("<text transform=\"translate(18 {}) rotate(-90)\" text-anchor=\"middle\">{}</text>\n",
                     (plot_top + plot_bottom) / 2, escape_plot_text(y_label));
  return svg;
}

}  // namespace gradc
