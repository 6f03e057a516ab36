// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <cstdio>
#include <numeric>

#include "compiler/render/dump_syntax.h"
#include "compiler/render/graph.h"
#include "compiler/render/mathml.h"

namespace gradc {
namespace {

constexpr double letter = 8.2, padding = 14, row_height = 62, box_height = 40, gap = 64, edge = 12;

std::size_t letters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string number(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", x);
  return text;
}

std::string_view css_class(Role role) {
  switch (role) {
    case Role::param: return "param";
    case Role::derived: return "derived";
    case Role::adjoint:
    case Role::tangent: return "derivative";
    default: return "given";
  }
}

class Drawing {
 public:
  explicit Drawing(const Graph& graph)
      : graph_(graph), layer_(graph.nodes.size(), 0), y_(graph.nodes.size(), 0) {}

  std::string draw() {
    find_layers();
    order_layers();
    place();
    std::string out =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"graph\" role=\"img\" viewBox=\"0 0 " +
        number(width_) + " " + number(height_) + "\" width=\"" + number(width_) + "\" height=\"" +
        number(height_) + "\">\n<title>what reads what</title>\n";
    for (const auto& [from, to] : graph_.edges) out += arrow(from, to);
    for (std::size_t k = 0; k < graph_.nodes.size(); ++k) out += box(k);
    return out + "</svg>\n";
  }

 private:
  // One more than the deepest of what it reads; a circle's arrow back does not count.
  void find_layers() {
    const std::size_t n = graph_.nodes.size();
    for (std::size_t round = 0, changed = 1; changed && round < n; ++round) {
      changed = 0;
      for (const auto& [from, to] : graph_.edges)
        if (from != to && layer_[to] < layer_[from] + 1 && layer_[from] + 1 < n && !reaches(to, from))
          layer_[to] = layer_[from] + 1, changed = 1;
    }
    // Givens stand right in front of what reads them first.
    for (std::size_t k = 0; k < n; ++k) {
      std::size_t first = n;
      bool reads = false;
      for (const auto& [from, to] : graph_.edges) {
        if (from == k && to != k) first = std::min(first, layer_[to]);
        reads = reads || to == k;
      }
      if (!reads && first < n && first > 0) layer_[k] = first - 1;
    }
    layers_.resize(n == 0 ? 0 : *std::ranges::max_element(layer_) + 1);
    for (std::size_t k = 0; k < n; ++k) layers_[layer_[k]].push_back(k);
  }

  bool reaches(std::size_t from, std::size_t to) const {
    std::vector<bool> seen(graph_.nodes.size());
    std::vector<std::size_t> pending{from};
    while (!pending.empty()) {
      const std::size_t at = pending.back();
      pending.pop_back();
      if (at == to) return true;
      if (seen[at]) continue;
      seen[at] = true;
      for (const auto& [a, b] : graph_.edges)
        if (a == at) pending.push_back(b);
    }
    return false;
  }

  // Everybody as near to the middle of its neighbours as their order allows.
  void order_layers() {
    std::vector<double> rank(graph_.nodes.size());
    const auto number_layer = [&](const std::vector<std::size_t>& layer) {
      for (std::size_t k = 0; k < layer.size(); ++k)
        rank[layer[k]] = static_cast<double>(k) - static_cast<double>(layer.size() - 1) / 2;
    };
    for (const auto& layer : layers_) number_layer(layer);
    for (int sweep = 0; sweep < 4; ++sweep)
      for (auto& layer : layers_) {
        std::vector<double> middle(graph_.nodes.size());
        for (std::size_t k : layer) {
          double sum = 0;
          int count = 0;
          for (const auto& [from, to] : graph_.edges)
            if ((from == k) != (to == k)) sum += rank[from == k ? to : from], ++count;
          middle[k] = count ? sum / count : rank[k];
        }
        std::ranges::stable_sort(layer, {}, [&](std::size_t k) { return middle[k]; });
        number_layer(layer);
      }
  }

  double width_of(std::size_t node) const {
    const GraphNode& n = graph_.nodes[node];
    return letter * static_cast<double>(std::max(letters(n.name), letters(n.shape))) + 2 * padding;
  }

  void place() {
    std::size_t most = 0;
    for (const auto& layer : layers_) most = std::max(most, layer.size());
    height_ = row_height * static_cast<double>(most) + 2 * edge;
    double x = edge;
    for (const auto& layer : layers_) {
      double widest = 0;
      for (std::size_t k : layer) widest = std::max(widest, width_of(k));
      middle_.push_back(x + widest / 2);
      x += widest + gap;
      const double top = (height_ - row_height * static_cast<double>(layer.size())) / 2;
      for (std::size_t k = 0; k < layer.size(); ++k)
        y_[layer[k]] = top + row_height * (static_cast<double>(k) + 0.5);
    }
    width_ = x - gap + edge;
  }

  double x(std::size_t node) const { return middle_[layer_[node]]; }

  std::string arrow(std::size_t from, std::size_t to) const {
    const double tip = 7;
    double x0 = x(from) + width_of(from) / 2, x1 = x(to) - width_of(to) / 2;
    std::string path = "M" + number(x0) + " " + number(y_[from]);
    if (from == to || layer_[from] >= layer_[to]) {  // back, in a bow above
      const double high = std::min(y_[from], y_[to]) - box_height / 2 - 14;
      path = "M" + number(x(from)) + " " + number(y_[from] - box_height / 2) + " C" + number(x(from) + 30) +
             " " + number(high) + " " + number(x1 - 34) + " " + number(high) + " " + number(x1 - tip) + " " +
             number(y_[to]);
    } else {
      const double bend = std::max(24.0, (x1 - x0) / 2);
      path += " C" + number(x0 + bend) + " " + number(y_[from]) + " " + number(x1 - tip - bend) + " " +
              number(y_[to]) + " " + number(x1 - tip) + " " + number(y_[to]);
    }
    return "<path class=\"arrow\" d=\"" + path + "\"/><path class=\"tip\" d=\"M" + number(x1) + " " +
           number(y_[to]) + " l-" + number(tip + 1) + " -3.5 v7 z\"/>\n";
  }

  std::string box(std::size_t k) const {
    const GraphNode& node = graph_.nodes[k];
    const double w = width_of(k), radius = node.role == Role::derived ? box_height / 2 : 4;
    std::string out = "<g class=\"" + std::string(css_class(node.role)) + (node.is_output ? " output" : "") +
                      "\"><title>" + std::string(role_word(node.role)) + " " +
                      escaped_xml(node.name + node.shape) + "</title><rect x=\"" + number(x(k) - w / 2) +
                      "\" y=\"" + number(y_[k] - box_height / 2) + "\" width=\"" + number(w) +
                      "\" height=\"" + number(box_height) + "\" rx=\"" + number(radius) + "\"/>";
    const double first = node.shape.empty() ? 5 : -2;
    out += "<text x=\"" + number(x(k)) + "\" y=\"" + number(y_[k] + first) + "\">" + escaped_xml(node.name) +
           "</text>";
    if (!node.shape.empty())
      out += "<text class=\"shape\" x=\"" + number(x(k)) + "\" y=\"" + number(y_[k] + 13) + "\">" +
             escaped_xml(node.shape) + "</text>";
    return out + "</g>\n";
  }

  const Graph& graph_;
  std::vector<std::size_t> layer_;
  std::vector<std::vector<std::size_t>> layers_;
  std::vector<double> middle_, y_;
  double width_ = 0, height_ = 0;
};

}  // namespace

std::string graph_svg(const Graph& graph) { return Drawing(graph).draw(); }

}  // namespace gradc
