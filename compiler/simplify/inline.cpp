// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/simplify/cost.h"
#include "compiler/simplify/definitions.h"

namespace gradc {

bool is_derivative(const Context& c, const Definition& definition) {
  const Role role = c.tensor(definition.tensor).role;
  return role == Role::adjoint || role == Role::tangent;
}

namespace {

constexpr double most_cost_scalar = 8;        // a scalar that is read once, under indices
constexpr double most_cost_elementwise = 24;  // element by element: nothing is computed twice
constexpr double most_cost_reader = 400;      // what nobody reads as one formula does not grow further

struct Uses {
  std::size_t accesses = 0;  // distinct ones, summed over definitions
  double reader_cost = 0;    // of the most expensive definition with such an access
  bool whole = false;        // by a Call
  bool elementwise = true;   // each by exactly the reader's slots, outside of its reductions
};

bool by_all_slots(Expr access, std::size_t rank) {
  if (access->arguments().size() != rank) return false;
  std::vector<bool> met(rank, false);
  for (Expr s : access->arguments()) {
    if (s->kind != ExprKind::position || s->index.kind != Index::Kind::slot) return false;
    const auto k = static_cast<std::size_t>(s->index.number);
    if (k >= rank || met[k]) return false;
    met[k] = true;
  }
  return true;
}

std::unordered_map<TensorId, Uses> count_uses(const System& system, Cost& cost) {
  const Context& c = system.context();
  std::unordered_map<TensorId, Uses> uses;
  for (const Definition& d : system.definitions()) {
    if (const Call* call = std::get_if<Call>(&d.rule))
      for (TensorId t : call->arguments) uses[t].whole = true;
    const std::size_t rank = c.tensor(d.tensor).rank();
    const std::vector<Expr> roots = expressions(d);
    double whole_cost = 0;
    for (Expr root : roots) whole_cost += cost(root);
    std::unordered_set<Expr> below_reduction;
    const std::vector<Expr> nodes = reachable_nodes(roots);
    for (auto e = nodes.rbegin(); e != nodes.rend(); ++e) {  // parents first
      if ((*e)->kind == ExprKind::reduce || below_reduction.contains(*e))
        for (Expr operand : (*e)->operands) below_reduction.insert(operand);
      if ((*e)->kind != ExprKind::access) continue;
      Uses& u = uses[(*e)->tensor];
      ++u.accesses;
      u.reader_cost = std::max(u.reader_cost, whole_cost);
      u.elementwise = u.elementwise && d.define() && !below_reduction.contains(*e) && by_all_slots(*e, rank);
    }
  }
  return uses;
}

bool is_bare(Expr value) { return value->is_constant() || value->kind == ExprKind::access; }

bool has_reduction(Expr value) {
  for (Expr e : reachable_nodes(value))
    if (e->kind == ExprKind::reduce) return true;
  return false;
}

// Derivatives by a name of the file that stand again, under another name, as derivatives by a derivative: of
// dn/dg and dn/d(dE/dw), where g is dE/dw, the first is the one to keep.
std::unordered_set<TensorId> better_names(const System& system) {
  const Context& c = system.context();
  const auto by_derivative = [&](TensorId t) {
    const TensorId wrt = c.tensor(t).wrt;
    return wrt.valid() && c.tensor(wrt).of.valid();
  };
  std::unordered_set<TensorId> better;
  for (const Definition& d : system.definitions())
    if (d.define() && by_derivative(d.tensor) && d.define()->value->kind == ExprKind::access &&
        !by_derivative(d.define()->value->tensor))
      better.insert(d.define()->value->tensor);
  return better;
}

}  // namespace

System inline_trivial(const System& system) {
  Context& c = system.context();
  Cost cost;
  const std::unordered_map<TensorId, Uses> uses = count_uses(system, cost);
  const std::unordered_set<TensorId> better = better_names(system);
  std::unordered_map<TensorId, Expr> replaced;
  std::map<std::pair<Expr, std::vector<DimId>>, TensorId> named;
  System result(c);
  auto put_in = [&](Expr root) {
    if (replaced.empty()) return root;
    return rewrite(root, [&](Expr e) {
      if (e->kind != ExprKind::access) return e;
      auto found = replaced.find(e->tensor);
      return found == replaced.end() ? e : instantiate(found->second, e->arguments());
    });
  };
  const std::unordered_set<TensorId> circles = in_circles(system);
  for (const auto& group : strongly_connected(system))
    for (std::size_t i : group) {
      Definition d = mapped(system.definitions()[i], put_in);
      const Define* define = d.define();
      if (!define || circles.contains(d.tensor) || !is_derivative(c, d)) {
        result.add(std::move(d));
        continue;
      }
      const bool output = std::ranges::find(system.outputs(), d.tensor) != system.outputs().end();
      const Expr value = define->value;
      // The same formula twice: the second is another name of the first.
      const std::pair<Expr, std::vector<DimId>> key{value, c.tensor(d.tensor).dims};
      const auto first = is_bare(value) ? named.end() : named.find(key);
      if (first != named.end()) d.rule = Define{c.access_by_slots(first->second)};
      const Expr now = d.define()->value;
      const auto found = uses.find(d.tensor);
      const Uses u = found == uses.end() ? Uses{} : found->second;
      const bool small = cost(now) <= (u.elementwise ? most_cost_elementwise : most_cost_scalar);
      const bool once = u.accesses == 1 && small && u.reader_cost <= most_cost_reader &&
                        (u.elementwise || c.tensor(d.tensor).rank() == 0) && !has_reduction(now) &&
                        !better.contains(d.tensor);
      if (!output && !u.whole && (is_bare(now) || once)) {
        replaced[d.tensor] = now;
      } else {
        if (!is_bare(now)) named.emplace(key, d.tensor);
        result.add(std::move(d));
      }
    }
  result.set_outputs(system.outputs());
  return result;
}

System inline_aliases(const System& system) {
  Context& c = system.context();
  Cost cost;
  const std::unordered_map<TensorId, Uses> uses = count_uses(system, cost);
  System result(c);
  for (const Definition& d : system.definitions()) {
    const Define* define = d.define();
    if (define && !is_derivative(c, d) && define->value->kind == ExprKind::access &&
        by_all_slots(define->value, c.tensor(d.tensor).rank())) {
      const TensorId t = define->value->tensor;
      const Definition* behind = system.find(t);
      const bool output = std::ranges::find(system.outputs(), t) != system.outputs().end();
      if (behind && behind->define() && is_derivative(c, *behind) && !output && uses.at(t).accesses == 1 &&
          !uses.at(t).whole) {
        Definition merged = d;
        merged.rule = Define{instantiate(behind->define()->value, define->value->arguments())};
        result.add(std::move(merged));
        continue;
      }
    }
    result.add(d);
  }
  result.set_outputs(system.outputs());
  return reachable(result);
}

}  // namespace gradc
