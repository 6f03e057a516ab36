// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/equations/system.h"

#include <algorithm>
#include <unordered_set>

#include "compiler/equations/definition.h"
#include "compiler/equations/graph.h"
#include "compiler/equations/walk.h"
#include "compiler/support/check.h"

namespace gradc {

void System::add(Definition definition) {
  const std::size_t at = definitions_.size();
  for (TensorId t : tensors_defined_by(definition))
    GRADC_CHECK(by_tensor_.emplace(t, at).second, "defined twice: " + context_->tensor(t).name);
  if (const Define* define = definition.define()) by_value_.emplace(define->value, at);
  definitions_.push_back(std::move(definition));
}

void System::add_output(TensorId tensor) {
  if (std::ranges::find(outputs_, tensor) == outputs_.end()) outputs_.push_back(tensor);
}

const Definition* System::find(TensorId tensor) const {
  auto found = by_tensor_.find(tensor);
  return found == by_tensor_.end() ? nullptr : &definitions_[found->second];
}

const Definition* System::find_equal(Expr value, const Tensor& like) const {
  for (auto [found, end] = by_value_.equal_range(value); found != end; ++found) {
    const Definition& d = definitions_[found->second];
    const Tensor& t = context_->tensor(d.tensor);
    if (t.role == like.role && t.dims == like.dims && t.of == like.of && t.wrt == like.wrt && t.at == like.at)
      return &d;
  }
  return nullptr;
}

void System::drop_from(std::size_t count) {
  for (; definitions_.size() > count; definitions_.pop_back()) {
    const Definition& last = definitions_.back();
    for (TensorId t : tensors_defined_by(last)) by_tensor_.erase(t);
    if (const Define* define = last.define())
      for (auto [found, end] = by_value_.equal_range(define->value); found != end;)
        found = found->second == definitions_.size() - 1 ? by_value_.erase(found) : std::next(found);
  }
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
  add_reads(expressions(definition), tensors, seen);
  return tensors;
}

namespace {

// For each of some definitions the ones among them that it reads.
using Successors = std::vector<std::vector<std::size_t>>;

Successors successors_of(const System& system) {
  Successors successors(system.definitions().size());
  for (std::size_t i = 0; i < successors.size(); ++i)
    for (TensorId t : reads(system.definitions()[i]))
      if (const Definition* read = system.find(t))
        successors[i].push_back(static_cast<std::size_t>(read - system.definitions().data()));
  return successors;
}

}  // namespace

// Tarjan 1972, with a stack of our own. Groups come out after what they read.
std::vector<std::vector<std::size_t>> strongly_connected(const Successors& successors) {
  const std::size_t n = successors.size();
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

std::vector<std::vector<std::size_t>> strongly_connected(const System& system) {
  return strongly_connected(successors_of(system));
}

System reachable(const System& system) { return reachable(system, system.outputs()); }

System reachable(const System& system, std::vector<TensorId> outputs) {
  const Definition* first = system.definitions().data();
  std::unordered_map<std::size_t, std::vector<std::size_t>> read_by;  // found so far, with what each reads
  std::vector<std::size_t> needed, pending;
  const auto need = [&](TensorId t, std::vector<std::size_t>* reader) {
    const Definition* d = system.find(t);
    if (!d) return;
    pending.push_back(static_cast<std::size_t>(d - first));
    if (reader) reader->push_back(pending.back());
  };
  for (TensorId t : outputs) need(t, nullptr);
  while (!pending.empty()) {
    const std::size_t i = pending.back();
    pending.pop_back();
    const auto [entry, is_new] = read_by.try_emplace(i);
    if (!is_new) continue;
    needed.push_back(i);
    for (TensorId t : reads(first[i])) need(t, &entry->second);
    // Not read before somebody differentiates: of no weight for the order.
    need(system.context().tensor(first[i].tensor).held_of, nullptr);
  }
  std::ranges::sort(needed);
  std::unordered_map<std::size_t, std::size_t> place;
  for (std::size_t k = 0; k < needed.size(); ++k) place.emplace(needed[k], k);
  Successors successors(needed.size());
  for (std::size_t k = 0; k < needed.size(); ++k)
    for (std::size_t i : read_by.at(needed[k])) successors[k].push_back(place.at(i));
  System result(system.context());
  for (const std::vector<std::size_t>& group : strongly_connected(successors))
    for (std::size_t k : group) result.add(first[needed[k]]);
  result.set_outputs(std::move(outputs));
  return result;
}

bool is_circle(const System& system, const std::vector<std::size_t>& group) {
  if (group.size() > 1) return true;
  const Definition& only = system.definitions()[group.front()];
  return std::ranges::count(reads(only), only.tensor) > 0;
}

std::unordered_set<TensorId> in_circles(const System& system) {
  std::unordered_set<TensorId> result;
  for (const auto& group : strongly_connected(system))
    if (is_circle(system, group))
      for (std::size_t i : group) result.insert(system.definitions()[i].tensor);
  return result;
}

}  // namespace gradc
