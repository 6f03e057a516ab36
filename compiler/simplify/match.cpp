// Patterns are a few nodes deep and written by us: the recursion over them is bounded.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/simplify/match.h"

#include <unordered_map>

#include "compiler/equations/operator.h"
#include "compiler/equations/walk.h"
#include "compiler/simplify/fold.h"
#include "compiler/support/check.h"

namespace gradc {
namespace {

struct Matcher {
  const Context& patterns;
  LookThrough see;
  const void* state;
  // What is still to be matched, last first; taking a choice back is cheap, for everything is small.
  struct Trial {
    std::vector<std::pair<Expr, Expr>> goals;
    Match found;
  };

  bool bind(Match& found, Expr pattern, Expr e) const {
    const Tensor& t = patterns.tensor(pattern->tensor);
    if (e->type != t.type) return false;
    for (const auto& [hole, content] : found)
      if (hole == pattern->tensor) return content == e;
    found.emplace_back(pattern->tensor, e);
    return true;
  }

  bool solve(Trial trial) const {
    while (!trial.goals.empty()) {
      auto [pattern, e] = trial.goals.back();
      trial.goals.pop_back();
      if (pattern->kind == ExprKind::access) {
        if (!bind(trial.found, pattern, e)) return false;
        continue;
      }
      if (see && e->kind == ExprKind::access && pattern->kind != ExprKind::constant)
        if (const Expr behind = see(state, e)) e = behind;
      if (pattern->kind != e->kind || pattern->type != e->type) return false;
      switch (pattern->kind) {
        case ExprKind::constant:
          if (*pattern->value != *e->value) return false;
          break;
        case ExprKind::apply:
          if (pattern->op != e->op) return false;
          if (pattern->op->commutative && pattern->operands.size() == 2) {
            Trial swapped = trial;
            swapped.goals.emplace_back(pattern->operands[1], e->operands[0]);
            swapped.goals.emplace_back(pattern->operands[0], e->operands[1]);
            trial.goals.emplace_back(pattern->operands[1], e->operands[1]);
            trial.goals.emplace_back(pattern->operands[0], e->operands[0]);
            if (solve(std::move(trial))) return true;
            return solve(std::move(swapped));
          }
          [[fallthrough]];
        case ExprKind::choose:
          for (std::size_t k = pattern->operands.size(); k-- > 0;)
            trial.goals.emplace_back(pattern->operands[k], e->operands[k]);
          break;
        case ExprKind::position:
        case ExprKind::size:
        case ExprKind::access:
        case ExprKind::reduce: return false;
      }
    }
    result = std::move(trial.found);
    return true;
  }
  mutable Match result;
};

}  // namespace

std::optional<Match> match(Expr pattern, Expr e, const Context& patterns, LookThrough see,
                           const void* state) {
  Matcher matcher{patterns, see, state, {}};
  if (!matcher.solve({{{pattern, e}}, {}})) return std::nullopt;
  return std::move(matcher.result);
}

Expr fill(Expr pattern, const Match& match, Context& target) {
  std::vector<Expr> made;
  const std::vector<Expr> nodes = reachable_nodes(pattern);
  std::unordered_map<Expr, Expr> to;
  for (Expr node : nodes) {
    std::vector<Expr> operands;
    for (Expr operand : node->operands) operands.push_back(to.at(operand));
    Expr result;
    switch (node->kind) {
      case ExprKind::constant: result = target.constant(*node->value, node->type); break;
      case ExprKind::access:
        for (const auto& [hole, content] : match)
          if (hole == node->tensor) result = content;
        break;
      case ExprKind::apply: result = fold(target.apply(*node->op, operands)); break;
      case ExprKind::choose: result = target.choose(operands[0], operands[1], operands[2]); break;
      case ExprKind::position:
      case ExprKind::size:
      case ExprKind::reduce: break;
    }
    GRADC_CHECK(result, "a rule's right side has a hole that its left side does not fill");
    to.emplace(node, result);
  }
  return to.at(pattern);
}

}  // namespace gradc
