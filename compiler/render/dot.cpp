// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/dot.h"

#include <algorithm>
#include <set>

#include "compiler/equations/definition.h"
#include "compiler/render/dump_syntax.h"

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
  std::string out = "digraph gradc {\n  rankdir=LR;\n  node [fontname=\"Helvetica\"];\n";
  for (TensorId id : tensors) {
    const Tensor& t = c.tensor(id);
    std::string shape;
    for (std::size_t k = 0; k < t.dims.size(); ++k)
      shape += (k ? ", " : "\\n[") + escaped(c.dim(t.dims[k]).name);
    if (!shape.empty()) shape += "]";
    out += "  t" + std::to_string(id.value) + " [label=\"" + escaped(t.name) + shape + "\"";
    switch (t.role) {
      case Role::input:
      case Role::target:
      case Role::constant:
      case Role::noise:
      case Role::seed: out += ", shape=box"; break;
      case Role::param: out += ", shape=box, style=filled, fillcolor=lightblue"; break;
      case Role::derived: out += ", shape=ellipse"; break;
      case Role::adjoint:
      case Role::tangent: out += ", shape=ellipse, style=dashed"; break;
    }
    if (std::ranges::find(system.outputs(), id) != system.outputs().end()) out += ", peripheries=2";
    out += ", tooltip=\"" + std::string(role_word(t.role)) + "\"];\n";
  }
  for (const auto& [from, to] : edges)
    out += "  t" + std::to_string(from.value) + " -> t" + std::to_string(to.value) + ";\n";
  return out + "}\n";
}

}  // namespace gradc
