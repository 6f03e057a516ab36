// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/diff/pull_back.h"

#include <functional>
#include <map>

#include "compiler/diff/structural.h"
#include "compiler/operators/build.h"
#include "compiler/support/check.h"

namespace gradc {
namespace {

// An expression whose nodes are walked with one set of binders around them: a definition's value, or the body
// of one reduction inside it.
struct Scope {
  Expr root;
  Expr seed;
  std::vector<Binder> binders;
  std::vector<Expr> guards;
};

struct Seed {
  std::vector<Expr> guards;
  Expr value;
};

// Seeds that reach a node under the same guards add up; under different guards they stay apart, since a sum
// of guarded seeds would multiply what one guard excludes into what the other selects.
void add_seed(std::vector<Seed>& seeds, const std::vector<Expr>& guards, Expr value) {
  if (structural::is_zero(value)) return;
  for (Seed& s : seeds)
    if (s.guards == guards) {
      s.value = structural::plus(s.value, value);
      return;
    }
  seeds.push_back({guards, value});
}

}  // namespace

std::vector<Contribution> pull_back(Expr e, Expr seed, std::vector<Binder> binders, std::vector<Expr> guards,
                                    Varied& varied) {
  std::vector<Contribution> contributions;
  std::vector<Scope> scopes{{e, seed, std::move(binders), std::move(guards)}};
  while (!scopes.empty()) {
    Scope scope = std::move(scopes.back());
    scopes.pop_back();
    Context& c = *scope.root->context;
    // Parents before children: by falling id.
    std::map<Expr, std::vector<Seed>, std::function<bool(Expr, Expr)>> pending(
        [](Expr a, Expr b) { return b < a; });
    if (varied(scope.root)) add_seed(pending[scope.root], scope.guards, scope.seed);
    std::vector<Scope> inner;
    while (!pending.empty()) {
      const auto [node, seeds] = *pending.begin();
      pending.erase(pending.begin());
      for (const auto& [where, value] : seeds) {
        switch (node->kind) {
          case ExprKind::constant:
          case ExprKind::position:
          case ExprKind::size: break;
          case ExprKind::access: {
            std::vector<Expr> subscripts(node->arguments().begin(), node->arguments().end());
            for (Expr& s : subscripts)  // whether the steps have converged is asked where the value is read
              if (s->is(op_converged)) s = s->arguments()[0];
            contributions.push_back({node->tensor, std::move(subscripts), value, scope.binders, where});
            break;
          }
          case ExprKind::apply:
            for (std::size_t i = 0; i < node->arguments().size(); ++i) {
              const Expr argument = node->arguments()[i];
              if (!varied(argument)) continue;
              const Expr partial = node->op->partial(c, static_cast<int>(i), node->arguments(), node);
              add_seed(pending[argument], where, structural::times(value, partial));
            }
            break;
          case ExprKind::choose: {
            std::vector<Expr> taken = where;
            taken.push_back(node->condition());
            if (varied(node->on_true())) add_seed(pending[node->on_true()], taken, value);
            taken.back() = negate(node->condition());
            if (varied(node->on_false())) add_seed(pending[node->on_false()], taken, value);
            break;
          }
          case ExprKind::reduce: {
            const OpenedReduction opened = open(node);
            std::vector<Binder> around = scope.binders;
            around.insert(around.end(), opened.binders.begin(), opened.binders.end());
            std::vector<Expr> under = where;
            if (!structural::is_true(opened.guard)) under.push_back(opened.guard);
            const Expr share = opened.op->share(c, opened, node);
            inner.push_back(
                {opened.body, structural::times(value, share), std::move(around), std::move(under)});
            break;
          }
        }
      }
    }
    // Innermost last in, so that contributions come out in the order in which the text has them.
    for (auto s = inner.rbegin(); s != inner.rend(); ++s)
      if (s->seed) scopes.push_back(std::move(*s));
  }
  return contributions;
}

}  // namespace gradc
