// Reverse mode over a system: one adjoint definition per definition between `of` and `wrt`.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <unordered_map>

#include "compiler/diff/derivative.h"
#include "compiler/diff/pull_back.h"
#include "compiler/diff/structural.h"
#include "compiler/equations/walk.h"
#include "compiler/support/check.h"

namespace gradc {
namespace {

// If a seed is ±constant·(the adjoint it came from), a structural zero that was stored as the number 0 stays
// 0 without a guard.
bool keeps_zero(Expr seed, TensorId adjoint) {
  for (;;) {
    if (seed->kind == ExprKind::access) return seed->tensor == adjoint;
    if (seed->is(op_neg))
      seed = seed->operands[0];
    else if (seed->is(op_mul) && seed->operands[1]->is_constant())
      seed = seed->operands[0];
    else if (seed->is(op_mul) && seed->operands[0]->is_constant())
      seed = seed->operands[1];
    else
      return false;
  }
}

class Adjoints {
 public:
  Adjoints(System& system, TensorId of, std::span<const TensorId> wrt)
      : system_(system),
        c_(system.context()),
        of_(of),
        of_dims_(c_.tensor(of).dims),
        between_(varied_tensors(system, {wrt.begin(), wrt.end()})),
        varied_(between_) {}

  std::vector<TensorId> add(std::span<const TensorId> wrt) {
    System slice = system_;
    slice.set_outputs({of_});
    slice = reachable(slice);
    const auto groups = strongly_connected(slice);
    for (auto group = groups.rbegin(); group != groups.rend(); ++group) {  // users before what they use
      std::vector<const Definition*> members;
      for (std::size_t i : *group)
        if (between_.contains(slice.definitions()[i].tensor)) members.push_back(&slice.definitions()[i]);
      if (is_circle(slice, *group)) {
        // What lands on a member comes from the others too: all adjoints are named before any is written
        // down.
        for (const Definition* d : members) declare(d->tensor);
        for (const Definition* d : members) pull(*d);
        for (const Definition* d : members) define(d->tensor, Activity::always);
        continue;
      }
      for (const Definition* d : members) {
        if (d->tensor != of_) {
          declare(d->tensor);
          define(d->tensor, Activity::exact);
        }
        pull(*d);
      }
    }
    std::vector<TensorId> result;
    for (TensorId t : wrt) {
      if (!adjoint_.contains(t)) {
        declare(t);
        define(t, Activity::always);
      }
      result.push_back(adjoint_.at(t));
    }
    return result;
  }

 private:
  enum class Activity { exact, always };

  Expr of_slot(std::size_t axis) {
    return c_.position(Index::slot(static_cast<std::int32_t>(axis), of_dims_[axis]));
  }

  static bool is_circle(const System& system, const std::vector<std::size_t>& group) {
    const Definition& first = system.definitions()[group.front()];
    return group.size() > 1 || std::ranges::count(reads(first), first.tensor) > 0;
  }

  void declare(TensorId primal) {
    const Tensor& p = c_.tensor(primal);
    Tensor t{.name = c_.unused_name("d_" + c_.tensor(of_).name + "_" + p.name),
             .role = Role::adjoint,
             .dims = of_dims_,
             .of = of_,
             .wrt = primal};
    t.dims.insert(t.dims.end(), p.dims.begin(), p.dims.end());
    adjoint_[primal] = c_.add_tensor(std::move(t));
  }

  std::vector<std::string> index_names(TensorId primal) {
    std::vector<std::string> names;
    if (const Definition* d = system_.find(of_)) names = d->index_names;
    names.resize(of_dims_.size());
    if (const Definition* d = system_.find(primal))
      names.insert(names.end(), d->index_names.begin(), d->index_names.end());
    names.resize(of_dims_.size() + c_.tensor(primal).rank());
    return names;
  }

  // x̄[of…, k…] = Σ of what landed on x[k…].
  void define(TensorId x, Activity wanted) {
    const TensorId adjoint = adjoint_.at(x);
    std::vector<Expr> target;
    const std::vector<DimId>& dims = c_.tensor(x).dims;
    for (std::size_t a = 0; a < dims.size(); ++a)
      target.push_back(c_.position(Index::slot(static_cast<std::int32_t>(of_dims_.size() + a), dims[a])));
    Expr total, active;
    bool always_active = wanted == Activity::always;
    if (x == of_) {  // asked for the derivative by itself
      for (std::size_t a = 0; a < dims.size(); ++a) {
        const Expr same = equal(of_slot(a), target[a]);
        active = active ? both(active, same) : same;
      }
      total = active ? c_.choose(active, c_.real(1), c_.real(0)) : c_.real(1);
      always_active = true;
    }
    for (const Contribution& contribution : landing_[x]) {
      const Landed landed = land(c_, contribution, target);
      total = structural::plus(total, value_of(c_, landed));
      if (always_active) continue;
      const Expr here = activity_of(c_, landed);
      if (!here)
        always_active = true;
      else
        active = active ? either(active, here) : here;
    }
    if (!always_active && active) activity_[x] = active;
    std::string through;
    for (TensorId user : users_[x]) through += (through.empty() ? "" : ", ") + c_.tensor(user).name;
    system_.add({adjoint,
                 Define{structural::number(c_, total)},
                 {c_.tensor(x).declared, through.empty() ? "no dependence" : "chain rule through " + through},
                 index_names(x)});
  }

  // What the definition of y adds to the adjoints of the tensors that it reads.
  void pull(const Definition& y) {
    const Define* define = y.define();
    if (!between_.contains(y.tensor) || (y.tensor != of_ && !adjoint_.contains(y.tensor))) return;
    GRADC_CHECK(define, "no derivative yet through the definition of " + c_.tensor(y.tensor).name);
    const std::vector<DimId>& dims = c_.tensor(y.tensor).dims;
    std::vector<Expr> own, subscripts;
    std::vector<Binder> binders;
    std::vector<Expr> guards;
    Expr seed;
    const bool is_of = y.tensor == of_ && !adjoint_.contains(of_);
    for (std::size_t a = 0; a < dims.size(); ++a) {
      if (is_of) {
        own.push_back(of_slot(a));
      } else {
        binders.push_back(c_.over(dims[a], a < y.index_names.size() ? y.index_names[a] : ""));
        own.push_back(c_.position(binders.back().index));
      }
    }
    if (is_of) {
      seed = c_.real(1);
    } else {
      for (std::size_t a = 0; a < of_dims_.size(); ++a) subscripts.push_back(of_slot(a));
      subscripts.insert(subscripts.end(), own.begin(), own.end());
      seed = c_.access(adjoint_.at(y.tensor), subscripts);
    }
    Expr active;
    if (auto found = activity_.find(y.tensor); found != activity_.end())
      active = instantiate(found->second, subscripts);
    for (Contribution& contribution :
         pull_back(instantiate(define->value, own), seed, binders, guards, varied_)) {
      if (active && !keeps_zero(contribution.seed, adjoint_.at(y.tensor)))
        contribution.guards.insert(contribution.guards.begin(), active);
      std::vector<TensorId>& users = users_[contribution.tensor];
      if (std::ranges::find(users, y.tensor) == users.end()) users.push_back(y.tensor);
      landing_[contribution.tensor].push_back(std::move(contribution));
    }
  }

  System& system_;
  Context& c_;
  TensorId of_;
  std::vector<DimId> of_dims_;
  TensorSet between_;
  Varied varied_;
  std::unordered_map<TensorId, std::vector<Contribution>> landing_;
  std::unordered_map<TensorId, std::vector<TensorId>> users_;
  std::unordered_map<TensorId, TensorId> adjoint_;
  // Where the adjoint has any contribution at all, in the slots of the adjoint; absent: everywhere.
  std::unordered_map<TensorId, Expr> activity_;
};

}  // namespace

std::vector<TensorId> add_adjoints(System& system, TensorId of, std::span<const TensorId> wrt) {
  return Adjoints(system, of, wrt).add(wrt);
}

Expr gradient(Expr body, TensorId t, std::span<const Expr> at) {
  Context& c = *body->context;
  const TensorSet sources{t};
  Varied varied(sources);
  Expr total;
  for (const Contribution& contribution : pull_back(body, c.real(1), {}, {}, varied))
    total = structural::plus(total, value_of(c, land(c, contribution, at)));
  return total;
}

}  // namespace gradc
