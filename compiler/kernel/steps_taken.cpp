// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/steps_taken.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/equations/walk.h"
#include "compiler/operators/affine.h"
#include "compiler/operators/build.h"

namespace gradc::kernel {

namespace {

// How many steps are taken along an axis, for each element: leads are the axes that the count depends on.
struct Steps {
  TensorId count;
  std::vector<std::size_t> leads;
  bool of_states = false;  // there is one position more than steps: the last state's
  bool known = false;      // the value speaks of the count already
};
using StepsOfAxes = std::map<std::size_t, Steps>;

class StepsTaken {
 public:
  explicit StepsTaken(const System& system) : s_(system), c_(system.context()) {}

  System run() {
    for (const std::vector<std::size_t>& group : strongly_connected(s_))
      if (is_circle(s_, group)) circle(group);
    System result(c_);
    for (const Definition& d : s_.definitions()) {
      Definition made = d;
      if (const Define* define = d.define())
        made.rule = Define{ended(d.tensor, guarded(d.tensor, define->value))};
      result.add(std::move(made));
    }
    result.set_outputs(s_.outputs());
    return result;
  }

 private:
  struct Asked {
    TensorId count;
    bool of_states;
  };

  const Tensor& tensor(TensorId t) const { return c_.tensor(t); }

  // What members ask for, they know of each other: they share a loop.
  void circle(const std::vector<std::size_t>& group) {
    ++circles_;
    std::map<DimId, Asked> asked;
    bool counted = false;
    for (std::size_t i : group) {
      const Definition& d = s_.definitions()[i];
      circle_of_[d.tensor] = circles_;
      counted = counted || tensor(d.tensor).counted_by.valid();
      if (!d.define()) return;
      ask(d, asked);
    }
    if (counted) return;  // its loop ends by itself, and what it makes is asked for by its conditions
    for (std::size_t i : group) {
      const Definition& d = s_.definitions()[i];
      if (tensor(d.tensor).type != Type::real) continue;
      const std::vector<DimId>& dims = tensor(d.tensor).dims;
      for (std::size_t k = 0; k < dims.size(); ++k)
        if (const auto found = asked.find(dims[k]); found != asked.end()) add(d, k, found->second);
    }
  }

  void ask(const Definition& d, std::map<DimId, Asked>& asked) const {
    const std::vector<DimId>& dims = tensor(d.tensor).dims;
    for (Expr e : reachable_nodes(d.define()->value)) {
      if (e->kind != ExprKind::access || !tensor(e->tensor).counted_by.valid()) continue;
      const TensorId count = tensor(e->tensor).counted_by;
      if (!s_.find(count)) continue;
      for (std::size_t k = 0; k < dims.size(); ++k) {
        const auto offset =
            offset_from(e->arguments().back(), Index::slot(static_cast<std::int32_t>(k), dims[k]));
        if (c_.dim(dims[k]).of_steps && offset && (*offset == 0 || *offset == -1))
          asked.try_emplace(dims[k], Asked{count, dims[k] != tensor(e->tensor).dims.back()});
      }
    }
  }

  void add(const Definition& d, std::size_t axis, const Asked& asked) {
    const std::vector<DimId>& dims = tensor(d.tensor).dims;
    Steps steps{.count = asked.count, .leads = {}, .of_states = asked.of_states};
    for (DimId lead : tensor(asked.count).dims) {
      if (std::ranges::count(dims, lead) != 1) return;
      steps.leads.push_back(static_cast<std::size_t>(std::ranges::find(dims, lead) - dims.begin()));
    }
    const std::vector<TensorId> read = reads(d);
    steps.known = std::ranges::find(read, steps.count) != read.end();
    counts_.insert(steps.count);
    steps_[d.tensor].emplace(axis, std::move(steps));
  }

  Expr reached(const Steps& steps, std::size_t axis, std::span<const Expr> at) const {
    std::vector<Expr> leads;
    for (std::size_t lead : steps.leads) leads.push_back(at[lead]);
    const Expr count = c_.access(steps.count, leads);
    return steps.of_states ? less_equal(at[axis], count) : less(at[axis], count);
  }

  // 0 behind the last step, as it is; said so.
  Expr ended(TensorId t, Expr value) const {
    const auto found = steps_.find(t);
    if (found == steps_.end()) return value;
    const Expr own = c_.access_by_slots(t);
    for (const auto& [axis, steps] : found->second)
      if (!steps.known || !steps.of_states)
        value = choose(reached(steps, axis, own->arguments()), value, c_.real(0));
    return value;
  }

  // Others read no element that their loops do not reach.
  Expr guarded(TensorId reader, Expr value) const {
    return rewrite(value, [&](Expr e) {
      if (e->kind == ExprKind::reduce) return within(e);
      if (e->kind != ExprKind::access || same_circle(reader, e->tensor)) return e;
      const auto found = steps_.find(e->tensor);
      if (found == steps_.end()) return e;
      Expr result = e;
      for (const auto& [axis, steps] : found->second)
        if (const Expr at = e->arguments()[axis];
            !(at->is_constant(0) && steps.of_states) && !mentions(at, steps.count))
          result = choose(reached(steps, axis, e->arguments()), result, c_.real(0));
      return result;
    });
  }

  static bool mentions(Expr e, TensorId t) {
    return std::ranges::any_of(reachable_nodes(e),
                               [&](Expr n) { return n->kind == ExprKind::access && n->tensor == t; });
  }
  // A sum of choices between something and 0 is a sum of the former, which ends where they do.
  Expr within(Expr e) const {
    if (e->reduction != &reduce_sum) return e;
    OpenedReduction o = open(e);
    std::vector<Expr> conditions;
    for (bool changed = true; changed;) {
      changed = false;
      if (o.body->kind == ExprKind::choose && o.body->on_false()->is_constant(0) &&
          is_end(o.body->condition())) {
        conditions.push_back(o.body->condition());
        o.body = o.body->on_true();
        changed = true;
      } else if (o.body->is(op_mul)) {
        for (const std::size_t k : {0, 1}) {
          const Expr factor = o.body->operands[k];
          if (factor->kind != ExprKind::choose || !factor->on_false()->is_constant(0) ||
              !is_end(factor->condition()))
            continue;
          conditions.push_back(factor->condition());
          Expr operands[] = {o.body->operands[0], o.body->operands[1]};
          operands[k] = factor->on_true();
          o.body = with_operands(o.body, operands);
          changed = true;
          break;
        }
      }
    }
    if (conditions.empty()) return e;
    conditions.push_back(o.guard);
    o.guard = conjunction(c_, conditions);
    return close(c_, o);
  }

  bool is_end(Expr condition) const {
    if (!condition->is(op_less_equal) && !condition->is(op_less)) return false;
    const Expr right = condition->operands[1];
    return right->kind == ExprKind::access && counts_.contains(right->tensor);
  }

  bool same_circle(TensorId a, TensorId b) const {
    const auto x = circle_of_.find(a), y = circle_of_.find(b);
    return x != circle_of_.end() && y != circle_of_.end() && x->second == y->second;
  }

  const System& s_;
  Context& c_;
  std::map<TensorId, StepsOfAxes> steps_;
  std::set<TensorId> counts_;  // of all of them
  std::map<TensorId, int> circle_of_;
  int circles_ = 0;
};

}  // namespace

System end_with_steps(System system) {
  const bool counts = std::ranges::any_of(system.definitions(), [&](const Definition& d) {
    return system.context().tensor(d.tensor).counted_by.valid();
  });
  if (!counts) return system;
  return StepsTaken(system).run();
}

}  // namespace gradc::kernel
