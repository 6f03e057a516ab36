// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/equations/walk.h"

#include <algorithm>

#include "compiler/equations/operator.h"
#include "compiler/support/check.h"

namespace gradc {

bool has_reductions(Expr root) {
  return std::ranges::any_of(reachable_nodes(root), [](Expr e) { return e->kind == ExprKind::reduce; });
}

bool depends_on_data(Expr subscript) {
  return std::ranges::any_of(reachable_nodes(subscript), [](Expr e) { return e->kind == ExprKind::access; });
}

bool reads_by_data(Expr root) {
  return std::ranges::any_of(reachable_nodes(root), [](Expr e) {
    return e->kind == ExprKind::access && std::ranges::any_of(e->arguments(), depends_on_data);
  });
}

std::vector<Expr> reachable_nodes(std::span<const Expr> roots) {
  thread_local NodeSet seen;
  seen.clear();
  std::vector<Expr> nodes;
  for (Expr root : roots)
    if (seen.insert(root)) nodes.push_back(root);
  for (std::size_t next = 0; next < nodes.size(); ++next)
    for (Expr operand : nodes[next]->operands)
      if (seen.insert(operand)) nodes.push_back(operand);
  std::sort(nodes.begin(), nodes.end());  // by id: children first
  return nodes;
}

Expr with_operands(Expr node, std::span<const Expr> operands) {
  if (std::ranges::equal(node->operands, operands)) return node;
  Context& context = *node->context;
  switch (node->kind) {
    case ExprKind::constant:
    case ExprKind::position:
    case ExprKind::size: return node;
    case ExprKind::access: return context.access(node->tensor, operands);
    case ExprKind::apply: return context.apply(*node->op, operands);
    case ExprKind::choose: return context.choose(operands[0], operands[1], operands[2]);
    case ExprKind::reduce: break;
  }
  GRADC_UNREACHABLE("with_operands: a reduction is rebuilt by open and close");
}

namespace {

// Rebuilds `root` bottom-up with a stack of our own. `leaf` may answer for a node before its operands are
// looked at (null: go on); `visit` is asked once they are rebuilt.
Expr rebuild(Expr root, const std::function<Expr(Expr)>& leaf, const std::function<Expr(Expr)>& visit,
             RewriteMemo& memo) {
  struct Opened {
    OpenedReduction reduction;
    std::vector<Expr> operands;  // as the node has them, opened
  };
  std::unordered_map<Expr, Opened> opened;
  std::vector<Expr> stack{root};
  while (!stack.empty()) {
    const Expr e = stack.back();
    if (memo.contains(e)) {
      stack.pop_back();
      continue;
    }
    if (leaf)
      if (const Expr answer = leaf(e)) {
        memo.emplace(e, answer);
        stack.pop_back();
        continue;
      }
    std::span<const Expr> operands = e->operands;
    if (e->kind == ExprKind::reduce) {
      auto [entry, inserted] = opened.try_emplace(e);
      if (inserted) {
        entry->second.reduction = open(e);
        for (const Binder& b : entry->second.reduction.binders) {
          entry->second.operands.push_back(b.lower);
          entry->second.operands.push_back(b.upper);
        }
        entry->second.operands.push_back(entry->second.reduction.guard);
        entry->second.operands.push_back(entry->second.reduction.body);
      }
      operands = entry->second.operands;
    }
    bool ready = true;
    for (auto operand = operands.rbegin(); operand != operands.rend(); ++operand)
      if (!memo.contains(*operand)) {
        stack.push_back(*operand);
        ready = false;
      }
    if (!ready) continue;
    stack.pop_back();
    std::vector<Expr> rebuilt;
    rebuilt.reserve(operands.size());
    for (Expr operand : operands) rebuilt.push_back(memo.at(operand));
    Expr result = e;
    if (e->kind == ExprKind::reduce) {
      Opened& entry = opened.at(e);
      if (rebuilt != entry.operands) {
        for (std::size_t k = 0; k < entry.reduction.binders.size(); ++k) {
          entry.reduction.binders[k].lower = rebuilt[2 * k];
          entry.reduction.binders[k].upper = rebuilt[2 * k + 1];
        }
        entry.reduction.guard = rebuilt[rebuilt.size() - 2];
        entry.reduction.body = rebuilt.back();
        result = close(*e->context, entry.reduction);
      }
      opened.erase(e);
    } else {
      result = with_operands(e, rebuilt);
    }
    if (visit) result = visit(result);
    memo.emplace(e, result);
  }
  return memo.at(root);
}

}  // namespace

Expr rewrite(Expr root, const std::function<Expr(Expr)>& visit, RewriteMemo& memo) {
  return rebuild(root, nullptr, visit, memo);
}

Expr rewrite(Expr root, const std::function<Expr(Expr)>& visit) {
  RewriteMemo memo;
  return rewrite(root, visit, memo);
}

// Where all replacements have height 0 (every renaming has), a reduction below keeps its binders: no height
// changes, and no binder inside can capture, for what is put in has slots, fresh indices, or bounds of
// greater height. That is also how reductions are opened and closed. Other replacements go through open and
// close.
Expr substitute(Expr root, const IndexMap& map) {
  auto touched = [&](Expr e) {
    return std::ranges::any_of(map, [&](const auto& entry) { return e->depends_on(entry.first); });
  };
  if (map.empty() || !touched(root)) return root;
  RewriteMemo memo;
  auto leaf = [&](Expr e) -> Expr {
    if (!touched(e)) return e;
    if (e->kind == ExprKind::position)
      for (const auto& [index, replacement] : map)
        if (e->index == index) return replacement;
    return Expr();
  };
  const bool flat = std::ranges::all_of(map, [](const auto& entry) { return entry.second->height == 0; });
  if (!flat) return rebuild(root, leaf, nullptr, memo);
  std::vector<Expr> stack{root}, operands;
  while (!stack.empty()) {
    const Expr e = stack.back();
    if (memo.contains(e)) {
      stack.pop_back();
      continue;
    }
    if (const Expr answer = leaf(e)) {
      memo.emplace(e, answer);
      stack.pop_back();
      continue;
    }
    const std::size_t before = stack.size();
    for (Expr operand : e->operands)
      if (!memo.contains(operand)) stack.push_back(operand);
    if (stack.size() != before) continue;
    stack.pop_back();
    operands.clear();
    for (Expr operand : e->operands) operands.push_back(memo.at(operand));
    memo.emplace(e, e->kind == ExprKind::reduce ? e->context->with_same_binders(e, operands)
                                                : with_operands(e, operands));
  }
  return memo.at(root);
}

Expr instantiate(Expr value, std::span<const Expr> subscripts) {
  IndexMap map;
  for (Index index : value->free)
    if (index.kind == Index::Kind::slot) {
      GRADC_CHECK(static_cast<std::size_t>(index.number) < subscripts.size(),
                  "instantiate: too few subscripts");
      map.emplace_back(index, subscripts[static_cast<std::size_t>(index.number)]);
    }
  return substitute(value, map);
}

}  // namespace gradc
