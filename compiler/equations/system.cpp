// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/equations/system.h"

#include <algorithm>
#include <unordered_set>

#include "compiler/equations/definition.h"
#include "compiler/equations/walk.h"
#include "compiler/support/check.h"

namespace gradc {

void System::add(Definition definition) {
  const std::size_t at = definitions_.size();
  for (TensorId t : tensors_defined_by(definition))
    GRADC_CHECK(by_tensor_.emplace(t, at).second, "defined twice: " + context_->tensor(t).name);
  definitions_.push_back(std::move(definition));
}

void System::add_output(TensorId tensor) {
  if (std::ranges::find(outputs_, tensor) == outputs_.end()) outputs_.push_back(tensor);
}

const Definition* System::find(TensorId tensor) const {
  auto found = by_tensor_.find(tensor);
  return found == by_tensor_.end() ? nullptr : &definitions_[found->second];
}

namespace {

// Reads in order of first use: a pre-order walk, so that the order is the reader's.
void add_reads(std::vector<Expr> roots, std::vector<TensorId>& tensors, std::unordered_set<TensorId>& seen) {
  std::reverse(roots.begin(), roots.end());
  thread_local NodeSet visited;
  visited.clear();
  while (!roots.empty()) {
    const Expr e = roots.back();
    roots.pop_back();
    if (!e || !visited.insert(e)) continue;
    if (e->kind == ExprKind::access && seen.insert(e->tensor).second) tensors.push_back(e->tensor);
    for (auto operand = e->operands.rbegin(); operand != e->operands.rend(); ++operand)
      roots.push_back(*operand);
  }
}

}  // namespace

std::vector<TensorId> reads(const Definition& definition) {
  if (const Call* call = std::get_if<Call>(&definition.rule)) return call->arguments;
  std::vector<TensorId> tensors;
  std::unordered_set<TensorId> seen;
  for (TensorId own : stand_ins_of(definition)) seen.insert(own);
  add_reads(expressions(definition), tensors, seen);
  return tensors;
}

namespace {

// For each definition the ones that it reads.
std::vector<std::vector<std::size_t>> successors_of(const System& system) {
  std::vector<std::vector<std::size_t>> successors(system.definitions().size());
  for (std::size_t i = 0; i < successors.size(); ++i)
    for (TensorId t : reads(system.definitions()[i]))
      if (const Definition* read = system.find(t))
        successors[i].push_back(static_cast<std::size_t>(read - system.definitions().data()));
  return successors;
}

// Tarjan 1972, with a stack of our own. Groups come out after what they read. Only what is `needed` counts.
std::vector<std::vector<std::size_t>> strongly_connected(
    const std::vector<std::vector<std::size_t>>& successors, const std::vector<bool>& needed) {
  const std::size_t n = successors.size();
  constexpr std::size_t none = ~std::size_t{0};
  std::vector<std::size_t> number(n, none), low(n, none), next(n, 0), open;
  std::vector<bool> on_stack(n, false);
  std::vector<std::vector<std::size_t>> groups;
  std::size_t count = 0;
  for (std::size_t root = 0; root < n; ++root) {
    if (!needed[root] || number[root] != none) continue;
    std::vector<std::size_t> path{root};
    while (!path.empty()) {
      const std::size_t v = path.back();
      if (number[v] == none) {
        number[v] = low[v] = count++;
        open.push_back(v);
        on_stack[v] = true;
      }
      if (next[v] < successors[v].size()) {
        const std::size_t w = successors[v][next[v]++];
        if (number[w] == none)
          path.push_back(w);
        else if (on_stack[w])
          low[v] = std::min(low[v], number[w]);
        continue;
      }
      path.pop_back();
      if (!path.empty()) low[path.back()] = std::min(low[path.back()], low[v]);
      if (low[v] != number[v]) continue;
      std::vector<std::size_t> group;
      for (std::size_t w = none; w != v;) {
        w = open.back();
        open.pop_back();
        on_stack[w] = false;
        group.push_back(w);
      }
      std::ranges::sort(group);
      groups.push_back(std::move(group));
    }
  }
  return groups;
}

}  // namespace

std::vector<std::vector<std::size_t>> strongly_connected(const System& system) {
  return strongly_connected(successors_of(system), std::vector<bool>(system.definitions().size(), true));
}

System reachable(const System& system) {
  const auto successors = successors_of(system);
  std::vector<bool> needed(successors.size(), false);
  std::vector<std::size_t> pending;
  for (TensorId t : system.outputs())
    if (const Definition* d = system.find(t))
      pending.push_back(static_cast<std::size_t>(d - system.definitions().data()));
  while (!pending.empty()) {
    const std::size_t i = pending.back();
    pending.pop_back();
    if (needed[i]) continue;
    needed[i] = true;
    pending.insert(pending.end(), successors[i].begin(), successors[i].end());
  }
  System result(system.context());
  for (const std::vector<std::size_t>& group : strongly_connected(successors, needed))
    for (std::size_t i : group) result.add(system.definitions()[i]);
  result.set_outputs(system.outputs());
  return result;
}

}  // namespace gradc
