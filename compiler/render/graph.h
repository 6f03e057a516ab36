// What reads what: the tensors of a system and the arrows between them, for pictures.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <vector>

#include "compiler/equations/system.h"

namespace gradc {

struct GraphNode {
  TensorId tensor;
  std::string name, shape;  // "w0", "[D, H]"; no shape: a number
  Role role;
  bool is_output = false;
};

struct Graph {
  std::vector<GraphNode> nodes;
  std::vector<std::pair<std::size_t, std::size_t>> edges;  // from, to: places among the nodes
};

Graph graph_of(const System& system);

// As a picture of its own, that takes its colours from the page around it: layers from left to right, each
// tensor behind all that it reads (Sugiyama, Tagawa, Toda, "Methods for visual understanding of hierarchical
// system structures", 1981).
std::string graph_svg(const Graph& graph);

}  // namespace gradc
