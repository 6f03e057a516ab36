// Solving subscripts for indices: how the adjoint of an access becomes a gather. For  y[i] = Σ_j f(x[A·(i,j)
// + b]) the adjoint is  x̄[k] = Σ over {(i,j): A·(i,j) + b = k} of f'(·) ȳ[i]. SPDX-License-Identifier:
// Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <optional>

#include "compiler/diff/condition.h"
#include "compiler/diff/pull_back.h"
#include "compiler/diff/structural.h"
#include "compiler/equations/walk.h"
#include "compiler/operators/affine.h"
#include "compiler/operators/guards.h"

namespace gradc {
namespace {

struct State {
  std::vector<Binder> binders;
  std::vector<Expr> subscripts;
  std::vector<Expr> guards;
  Expr seed;
};

// Binders in an order in which each range uses only those before it; none if there is a circle.
std::optional<std::vector<Binder>> ordered(std::vector<Binder> binders) {
  std::vector<Binder> result;
  while (!binders.empty()) {
    auto ready = std::ranges::find_if(binders, [&](const Binder& b) {
      return std::ranges::none_of(binders, [&](const Binder& other) {
        return b.lower->depends_on(other.index) || b.upper->depends_on(other.index);
      });
    });
    if (ready == binders.end()) return std::nullopt;
    result.push_back(*ready);
    binders.erase(ready);
  }
  return result;
}

bool whole_range(Context& c, const Binder& binder, DimId axis) {
  return binder.lower->is_constant(0) && binder.upper == c.size(axis);
}

// index := solution. The index's range becomes a guard unless the target itself ranges over just that.
bool eliminate(State& state, std::size_t which, Expr solution, bool range_is_implied) {
  State next = state;
  const Binder binder = next.binders[which];
  next.binders.erase(next.binders.begin() + static_cast<std::ptrdiff_t>(which));
  const IndexMap map{{binder.index, solution}};
  for (Binder& b : next.binders) {
    b.lower = substitute(b.lower, map);
    b.upper = substitute(b.upper, map);
  }
  std::optional<std::vector<Binder>> order = ordered(std::move(next.binders));
  if (!order) return false;
  next.binders = std::move(*order);
  for (Expr& e : next.subscripts) e = substitute(e, map);
  for (Expr& e : next.guards) e = substitute(e, map);
  next.seed = substitute(next.seed, map);
  if (!range_is_implied) {
    const Expr range = both(less_equal(binder.lower, solution), less(solution, binder.upper));
    add_guard(next.guards, substitute(range, map));
  }
  state = std::move(next);
  return true;
}

std::size_t find_binder(const State& state, Index index) {
  for (std::size_t b = 0; b < state.binders.size(); ++b)
    if (state.binders[b].index == index) return b;
  return state.binders.size();
}

// Solves  subscript = target  for one binder with integer coefficients, if there is one.
bool solve_axis(Context& c, State& state, Expr subscript, Expr target, DimId axis) {
  if (subscript->kind == ExprKind::position) {
    const std::size_t b = find_binder(state, subscript->index);
    // Positions of the axis are what the target ranges over, so a whole range needs no guard.
    return b < state.binders.size() && eliminate(state, b, target, whole_range(c, state.binders[b], axis));
  }
  const std::optional<Affine> affine = affine_form(subscript);
  if (!affine) return false;
  for (const std::int64_t wanted : {1, 0})  // coefficients ±1 first, then any other
    for (std::size_t b = 0; b < state.binders.size(); ++b) {
      const std::int64_t coefficient = affine->coefficient(state.binders[b].index);
      if (coefficient == 0 || (wanted == 1 && std::abs(coefficient) != 1)) continue;
      // target = coefficient·index + rest
      const Expr rest = affine->without(state.binders[b].index).to_expr(c);
      Expr numerator = rest->is_constant(0) ? target : target - rest;
      if (coefficient < 0) numerator = rest->is_constant(0) ? -target : rest - target;
      const std::int64_t divisor = std::abs(coefficient);
      State attempt = state;
      Expr solution = numerator;
      if (divisor != 1) {
        solution = floor_div(numerator, c.integer(divisor));
        add_guard(attempt.guards, equal(mod(numerator, c.integer(divisor)), c.integer(0)));
      }
      if (!eliminate(attempt, b, solution, false)) continue;
      state = std::move(attempt);
      return true;
    }
  return false;
}

// x[cam[i], b + 5]: a scatter goes through i and b and adds at both places. Solved for b, the same would be a
// loop through all k for each i.
bool scatters(const State& state) {
  return std::ranges::any_of(state.subscripts, [&](Expr subscript) {
    return !affine_form(subscript) && std::ranges::any_of(state.binders, [&](const Binder& b) {
      return subscript->depends_on(b.index);
    });
  });
}

}  // namespace

Landed land(Context& c, const Contribution& contribution, std::span<const Expr> target) {
  State state{contribution.binders, contribution.subscripts, contribution.guards, contribution.seed};
  const std::vector<DimId>& dims = c.tensor(contribution.tensor).dims;
  std::vector<bool> done(dims.size(), false);
  for (const bool lone : {true, false})  // x[i] before x[i + k]: it leaves more to know
    for (std::size_t axis = 0; axis < dims.size(); ++axis) {
      if (done[axis] || (lone && state.subscripts[axis]->kind != ExprKind::position)) continue;
      if (!lone && scatters(state)) continue;
      done[axis] = solve_axis(c, state, state.subscripts[axis], target[axis], dims[axis]);
      if (done[axis]) state.subscripts[axis] = target[axis];
    }
  for (std::size_t b = state.binders.size(); b-- > 0;)
    if (const auto only = only_value(c, state.binders[b], state.guards))
      eliminate(state, b, c.integer(*only), true);
  for (std::size_t axis = 0; axis < dims.size(); ++axis)
    if (!done[axis] && state.subscripts[axis] != target[axis])
      add_guard(state.guards, equal(state.subscripts[axis], target[axis]));

  Landed landed{{}, state.binders, Expr(), state.seed};
  for (Expr guard : state.guards) {
    const bool inner =
        std::ranges::any_of(state.binders, [&](const Binder& b) { return guard->depends_on(b.index); });
    if (inner)
      landed.inner_guard = landed.inner_guard ? both(landed.inner_guard, guard) : guard;
    else if (std::ranges::find(landed.outer_guards, guard) == landed.outer_guards.end())
      landed.outer_guards.push_back(guard);
  }
  return landed;
}

Expr value_of(Context& c, const Landed& landed) {
  Expr value = landed.seed;
  if (!landed.binders.empty())
    value = sum(landed.binders, landed.inner_guard ? landed.inner_guard : c.boolean(true), value);
  for (auto guard = landed.outer_guards.rbegin(); guard != landed.outer_guards.rend(); ++guard)
    value = structural::choose(*guard, value, Expr());
  return value;
}

Expr activity_of(Context& c, const Landed& landed) {
  Expr active;
  if (landed.inner_guard) active = exists(c, landed.binders, landed.inner_guard);
  if (active && active->is_constant(1)) active = Expr();
  for (auto guard = landed.outer_guards.rbegin(); guard != landed.outer_guards.rend(); ++guard)
    active = active ? both(*guard, active) : *guard;
  return active;
}

}  // namespace gradc
