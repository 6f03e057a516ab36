// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/equations/system.h"

#include <algorithm>
#include <unordered_set>

#include "compiler/equations/walk.h"
#include "compiler/support/check.h"
#include "compiler/support/overloaded.h"

namespace gradc {

void System::add(Definition definition) {
  const std::size_t at = definitions_.size();
  const auto name = [&](TensorId t) {
    GRADC_CHECK(by_tensor_.emplace(t, at).second, "defined twice: " + context_->tensor(t).name);
  };
  std::visit(overloaded{[&](const Define&) { name(definition.tensor); },
                        [&](const Iterate& i) {
                          for (TensorId t : i.states) name(t);
                          name(i.trip_count);
                        },
                        [&](const Call& c) {
                          for (TensorId t : c.results) name(t);
                        },
                        [&](const Noise&) { name(definition.tensor); }},
             definition.rule);
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
  std::unordered_set<Expr> visited;
  while (!roots.empty()) {
    const Expr e = roots.back();
    roots.pop_back();
    if (!e || !visited.insert(e).second) continue;
    if (e->kind == ExprKind::access && seen.insert(e->tensor).second) tensors.push_back(e->tensor);
    for (auto operand = e->operands.rbegin(); operand != e->operands.rend(); ++operand)
      roots.push_back(*operand);
  }
}

}  // namespace

std::vector<TensorId> reads(const Definition& definition) {
  std::vector<TensorId> tensors;
  std::unordered_set<TensorId> seen;
  std::visit(overloaded{[&](const Define& d) { add_reads({d.value}, tensors, seen); },
                        [&](const Iterate& i) {
                          std::vector<Expr> roots = i.initial;
                          roots.insert(roots.end(), i.next.begin(), i.next.end());
                          roots.push_back(i.until);
                          roots.push_back(i.cap);
                          for (TensorId own : i.current) seen.insert(own);
                          for (TensorId own : i.previous) seen.insert(own);
                          add_reads(roots, tensors, seen);
                        },
                        [&](const Call& c) { tensors = c.arguments; },
                        [&](const Noise& n) { add_reads(n.parameters, tensors, seen); }},
             definition.rule);
  return tensors;
}

// Tarjan 1972, with a stack of our own. Groups come out after what they read.
std::vector<std::vector<std::size_t>> strongly_connected(const System& system) {
  const std::size_t n = system.definitions().size();
  std::unordered_map<TensorId, std::size_t> owner;
  std::vector<std::vector<std::size_t>> successors(n);
  for (std::size_t i = 0; i < n; ++i)
    std::visit(overloaded{[&](const Define&) { owner[system.definitions()[i].tensor] = i; },
                          [&](const Noise&) { owner[system.definitions()[i].tensor] = i; },
                          [&](const Iterate& it) {
                            for (TensorId t : it.states) owner[t] = i;
                            owner[it.trip_count] = i;
                          },
                          [&](const Call& c) {
                            for (TensorId t : c.results) owner[t] = i;
                          }},
               system.definitions()[i].rule);
  for (std::size_t i = 0; i < n; ++i)
    for (TensorId t : reads(system.definitions()[i]))
      if (auto found = owner.find(t); found != owner.end()) successors[i].push_back(found->second);

  constexpr std::size_t none = ~std::size_t{0};
  std::vector<std::size_t> number(n, none), low(n, none), next(n, 0), open;
  std::vector<bool> on_stack(n, false);
  std::vector<std::vector<std::size_t>> groups;
  std::size_t count = 0;
  for (std::size_t root = 0; root < n; ++root) {
    if (number[root] != none) continue;
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

System reachable(const System& system) {
  std::unordered_set<std::size_t> needed;
  std::unordered_map<const Definition*, std::size_t> place;
  for (std::size_t i = 0; i < system.definitions().size(); ++i) place[&system.definitions()[i]] = i;
  std::vector<TensorId> pending = system.outputs();
  while (!pending.empty()) {
    const TensorId t = pending.back();
    pending.pop_back();
    const Definition* definition = system.find(t);
    if (!definition || !needed.insert(place[definition]).second) continue;
    for (TensorId read : reads(*definition)) pending.push_back(read);
  }
  System slice(system.context());
  for (std::size_t i = 0; i < system.definitions().size(); ++i)
    if (needed.contains(i)) slice.add(system.definitions()[i]);
  System result(system.context());
  for (const std::vector<std::size_t>& group : strongly_connected(slice))
    for (std::size_t i : group) result.add(slice.definitions()[i]);
  result.set_outputs(system.outputs());
  return result;
}

}  // namespace gradc
