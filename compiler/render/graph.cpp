// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/graph.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/equations/definition.h"

namespace gradc {

Graph graph_of(const System& system) {
  const Context& c = system.context();
  std::set<TensorId> tensors(system.outputs().begin(), system.outputs().end());
  std::set<std::pair<TensorId, TensorId>> edges;
  for (const Definition& d : system.definitions())
    for (TensorId to : tensors_defined_by(d)) {
      tensors.insert(to);
      for (TensorId from : reads(d)) {
        tensors.insert(from);
        edges.emplace(from, to);
      }
    }
  Graph graph;
  std::map<TensorId, std::size_t> places;
  for (TensorId id : tensors) {
    const Tensor& t = c.tensor(id);
    std::string shape;
    for (DimId dim : t.dims) shape += (shape.empty() ? "[" : ", ") + c.dim(dim).name;
    if (!shape.empty()) shape += "]";
    places[id] = graph.nodes.size();
    graph.nodes.push_back({id, t.name, std::move(shape), t.role,
                           std::ranges::find(system.outputs(), id) != system.outputs().end()});
  }
  for (const auto& [from, to] : edges) graph.edges.emplace_back(places.at(from), places.at(to));
  return graph;
}

}  // namespace gradc
