// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/dot.h"

#include "compiler/render/dump_syntax.h"
#include "compiler/render/graph.h"

namespace gradc {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) >= 0x20) out += c;
  }
  return out;
}

}  // namespace

std::string dot_graph(const System& system) {
  const Graph graph = graph_of(system);
  const auto id = [&](std::size_t node) { return "t" + std::to_string(graph.nodes[node].tensor.value); };
  std::string out = "digraph gradc {\n  rankdir=LR;\n  node [fontname=\"Helvetica\"];\n";
  for (std::size_t k = 0; k < graph.nodes.size(); ++k) {
    const GraphNode& node = graph.nodes[k];
    out += "  " + id(k) + " [label=\"" + escaped(node.name) + (node.shape.empty() ? "" : "\\n") +
           escaped(node.shape) + "\"";
    switch (node.role) {
      case Role::input:
      case Role::target:
      case Role::constant:
      case Role::noise:
      case Role::length:
      case Role::seed: out += ", shape=box"; break;
      case Role::param: out += ", shape=box, style=filled, fillcolor=lightblue"; break;
      case Role::derived: out += ", shape=ellipse"; break;
      case Role::adjoint:
      case Role::tangent: out += ", shape=ellipse, style=dashed"; break;
    }
    if (node.is_output) out += ", peripheries=2";
    out += ", tooltip=\"" + std::string(role_word(node.role)) + "\"];\n";
  }
  for (const auto& [from, to] : graph.edges) out += "  " + id(from) + " -> " + id(to) + ";\n";
  return out + "}\n";
}

}  // namespace gradc
