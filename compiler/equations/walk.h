// Walking and rebuilding expressions without recursion: graphs are deep (10^6 terms) and shared.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "compiler/equations/context.h"

namespace gradc {

// A set of nodes for one walk: emptied in no time, for many walks are short and their graph is large.
class NodeSet {
 public:
  void clear() {
    if (++walk_ != 0) return;
    seen_.clear();
    walk_ = 1;
  }
  // Whether it was not in.
  bool insert(Expr e) {
    const auto id = static_cast<std::size_t>(e->id);
    if (id >= seen_.size()) seen_.resize(std::max(id + 1, 2 * seen_.size()), 0);
    if (seen_[id] == walk_) return false;
    seen_[id] = walk_;
    return true;
  }

 private:
  std::vector<std::uint32_t> seen_;  // by node: the last walk that met it
  std::uint32_t walk_ = 0;
};

// All nodes below (and with) the roots, each once, children before parents.
std::vector<Expr> reachable_nodes(std::span<const Expr> roots);
inline std::vector<Expr> reachable_nodes(Expr root) {
  return reachable_nodes(std::span<const Expr>(&root, 1));
}

bool has_reductions(Expr root);
// The subscript reads a tensor: what it is, only data tell.
bool depends_on_data(Expr subscript);
// Some access below the root has such a subscript.
bool reads_by_data(Expr root);

// Replaces indices by integer expressions, simultaneously.
using IndexMap = std::vector<std::pair<Index, Expr>>;
Expr substitute(Expr e, const IndexMap& map);

// The same node with other operands (types kept). Reductions only through `close`.
Expr with_operands(Expr node, std::span<const Expr> operands);

// Rebuilds bottom-up. `visit` gets each node once its operands are rebuilt, and returns what stands for it
// (possibly the node itself). Reductions are opened and closed around it: visit sees the closed, rebuilt one.
Expr rewrite(Expr root, const std::function<Expr(Expr)>& visit);
// With a memo that serves several roots.
using RewriteMemo = std::unordered_map<Expr, Expr>;
Expr rewrite(Expr root, const std::function<Expr(Expr)>& visit, RewriteMemo& memo);

// The definition's value at the given subscripts: `value` with slot k replaced by subscripts[k].
Expr instantiate(Expr value, std::span<const Expr> subscripts);

}  // namespace gradc
