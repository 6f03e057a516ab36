// Reverse mode over a system: one adjoint definition per definition between `of` and `wrt`, or one for each
// part of it that is on the way. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <unordered_map>

#include "compiler/diff/calls.h"
#include "compiler/diff/condition.h"
#include "compiler/diff/derivative.h"
#include "compiler/diff/element.h"
#include "compiler/diff/pull_back.h"
#include "compiler/diff/reach.h"
#include "compiler/diff/structural.h"
#include "compiler/equations/walk.h"
#include "compiler/operators/stated.h"
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

// The adjoint of one part of a tensor. Its axes are those of the element that is derived (the leads), then
// those on which the part is whole.
struct Adjoint {
  Part part;
  TensorId tensor = {};  // not valid: not declared
  std::vector<Contribution> landing = {};
  std::vector<TensorId> users = {};
  // Where it has any contribution at all, in the slots of the adjoint; null: everywhere.
  Expr active = {};
};

class Adjoints {
 public:
  // Of of[at], whose subscripts use the slots over `leads`; the adjoints of `whole` are wanted whole.
  Adjoints(System& system, const Element& of, std::vector<DimId> leads, std::vector<std::string> lead_names,
           const TensorSet& sources, const TensorSet& whole)
      : system_(system),
        c_(system.context()),
        of_(of),
        leads_(std::move(leads)),
        lead_names_(std::move(lead_names)),
        is_plain_(is_whole(c_, of, leads_)),
        slice_(reachable(system, {of.tensor})),
        between_(varied_tensors(slice_, sources)),
        varied_(between_),
        reach_(slice_, of.tensor, of.at, leads_.size(), varied_, whole) {
    lead_names_.resize(leads_.size());
  }

  // One sweep. What lands on `held` is kept for `landed_on`, and gets no adjoint of its own.
  void sweep(TensorId held) {
    const auto groups = strongly_connected(slice_);
    for (auto group = groups.rbegin(); group != groups.rend(); ++group) {  // users before what they use
      std::vector<const Definition*> members;
      for (std::size_t i : *group)
        if (between_.contains(slice_.definitions()[i].tensor)) members.push_back(&slice_.definitions()[i]);
      if (is_circle(slice_, *group)) {
        // What lands on a member comes from the others too: all adjoints are named before any is written
        // down.
        for (const Definition* d : members)
          for (Adjoint& a : adjoints(d->tensor)) declare(d->tensor, a);
        for (const Definition* d : members) pull(*d);
        for (const Definition* d : members)
          for (Adjoint& a : adjoints(d->tensor)) define(d->tensor, a, Activity::always);
        continue;
      }
      for (const Definition* d : members) {
        if (d->tensor == held) continue;
        if (d->tensor != of_.tensor)
          for (Adjoint& a : adjoints(d->tensor)) define(d->tensor, a, Activity::exact);
        pull(*d);
      }
    }
  }

  // After a sweep: the adjoint of a tensor that was wanted whole.
  TensorId whole(TensorId wrt) {
    std::vector<Adjoint>& all = adjoints(wrt);
    if (all.empty()) all.push_back({Part(c_.tensor(wrt).rank())});
    if (!all.front().tensor.valid()) define(wrt, all.front(), Activity::always);
    return all.front().tensor;
  }

  // Every contribution is to have all its guards, also where they only keep a zero a zero.
  void keep_all_guards() { keeps_all_guards_ = true; }

  // After a sweep: what landed on a tensor.
  std::vector<Contribution> contributions_to(TensorId wrt) {
    std::vector<Contribution> result;
    for (const Adjoint& a : adjoints(wrt)) result.insert(result.end(), a.landing.begin(), a.landing.end());
    return result;
  }

  // After a sweep: all that landed on one element. Null: nothing.
  Expr landed_on(const Element& wrt) {
    Expr total;
    if (wrt.tensor == of_.tensor) total = seed_at(wrt.at);
    for (const Adjoint& a : adjoints(wrt.tensor))
      for (const Contribution& contribution : a.landing)
        total = structural::plus(total, value_of(c_, land(c_, contribution, wrt.at)));
    return total;
  }

 private:
  enum class Activity { exact, always };

  Expr lead(std::size_t k) { return c_.position(Index::slot(static_cast<std::int32_t>(k), leads_[k])); }

  std::vector<Adjoint>& adjoints(TensorId t) {
    const auto [entry, is_new] = adjoints_.try_emplace(t);
    if (is_new)
      for (const Part& part : reach_.parts(t)) entry->second.push_back({part});
    return entry->second;
  }

  // ∂of[at]/∂of[target]: 1 where they are the same element.
  Expr seed_at(std::span<const Expr> target) {
    Expr same = is_in_range(c_, of_);
    for (std::size_t a = 0; a < target.size(); ++a)
      if (of_.at[a] != target[a]) same = both_of(same, equal(of_.at[a], target[a]));
    return same ? c_.choose(same, c_.real(1), c_.real(0)) : c_.real(1);
  }

  Tensor described(TensorId primal, const Adjoint& adjoint) {
    const Tensor& p = c_.tensor(primal);
    Tensor t{.name = "d_" + c_.tensor(of_.tensor).name + "_" + p.name, .role = Role::adjoint, .dims = leads_};
    for (std::size_t a = 0; a < adjoint.part.size(); ++a)
      if (!adjoint.part[a]) t.dims.push_back(p.dims[a]);
    t.of = of_.tensor;
    t.wrt = primal;
    if (is_plain_ && t.dims.size() == leads_.size() + p.rank()) return t;
    t.at = of_.at;
    const std::vector<Expr> target = target_of(primal, adjoint);
    t.at.insert(t.at.end(), target.begin(), target.end());
    return t;
  }

  // The part's subscripts, in slots of its adjoint.
  std::vector<Expr> target_of(TensorId primal, const Adjoint& adjoint) {
    std::vector<Expr> target = adjoint.part;
    const std::vector<DimId>& dims = c_.tensor(primal).dims;
    std::size_t slot = leads_.size();
    for (std::size_t a = 0; a < dims.size(); ++a)
      if (!target[a]) target[a] = c_.position(Index::slot(static_cast<std::int32_t>(slot++), dims[a]));
    return target;
  }

  void declare(TensorId primal, Adjoint& adjoint) {
    Tensor t = described(primal, adjoint);
    t.name = c_.unused_name(t.name);
    adjoint.tensor = c_.add_tensor(std::move(t));
  }

  std::vector<std::string> index_names(TensorId primal, const Adjoint& adjoint) {
    std::vector<std::string> names = lead_names_;
    const Definition* d = system_.find(primal);
    for (std::size_t a = 0; a < adjoint.part.size(); ++a)
      if (!adjoint.part[a]) names.push_back(d && a < d->index_names.size() ? d->index_names[a] : "");
    return names;
  }

  // x̄[leads…, k…] = Σ of what landed on x[k…].
  void define(TensorId x, Adjoint& adjoint, Activity wanted) {
    const std::vector<Expr> target = target_of(x, adjoint);
    Expr total, active;
    bool always_active = wanted == Activity::always;
    if (x == of_.tensor) {  // asked for the derivative by itself
      total = seed_at(target);
      always_active = true;
    }
    for (const Contribution& contribution : adjoint.landing) {
      const Landed landed = land(c_, contribution, target);
      total = structural::plus(total, value_of(c_, landed));
      if (always_active) continue;
      const Expr here = activity_of(c_, landed);
      if (!here)
        always_active = true;
      else
        active = either_of(active, here);
    }
    if (!always_active && active) adjoint.active = without_what_holds(c_, active);
    const Expr value = structural::number(c_, released(total));
    if (!adjoint.tensor.valid())
      if (const Definition* same = system_.find_equal(value, described(x, adjoint))) {
        adjoint.tensor = same->tensor;  // another sweep came through here before
        return;
      }
    if (!adjoint.tensor.valid()) declare(x, adjoint);
    std::string through;
    for (TensorId user : adjoint.users) through += (through.empty() ? "" : ", ") + c_.tensor(user).name;
    system_.add({adjoint.tensor,
                 Define{value},
                 {c_.tensor(x).declared, through.empty() ? "no dependence" : "chain rule through " + through},
                 index_names(x, adjoint)});
  }

  // What the definition of y adds to the adjoints of the tensors that it reads.
  void pull(const Definition& y) {
    if (!between_.contains(y.tensor) || std::holds_alternative<Noise>(y.rule)) return;
    if (std::holds_alternative<Call>(y.rule)) return pull_call(y);
    GRADC_CHECK(y.define(), "no derivative yet through the definition of " + c_.tensor(y.tensor).name);
    std::vector<Adjoint>& all = adjoints(y.tensor);
    if (y.tensor == of_.tensor && !(all.size() == 1 && all.front().tensor.valid())) {
      std::vector<Expr> guards;
      if (const Expr in_range = is_in_range(c_, of_)) guards = conjuncts(in_range);
      land_all(y, pull_back(instantiate(y.define()->value, of_.at), c_.real(1), {}, guards, varied_), {}, {});
      return;
    }
    for (const Adjoint& adjoint : all) pull(y, adjoint);
  }

  void pull(const Definition& y, const Adjoint& adjoint) {
    const std::vector<DimId>& dims = c_.tensor(y.tensor).dims;
    std::vector<Expr> own = adjoint.part, subscripts;
    std::vector<Binder> binders;
    bool always_in_range = true;
    for (std::size_t k = 0; k < leads_.size(); ++k) subscripts.push_back(lead(k));
    for (std::size_t a = 0; a < dims.size(); ++a) {
      if (own[a]) {
        always_in_range = always_in_range && own[a]->kind == ExprKind::position;
        continue;
      }
      binders.push_back(c_.over(dims[a], a < y.index_names.size() ? y.index_names[a] : ""));
      own[a] = c_.position(binders.back().index);
      subscripts.push_back(own[a]);
    }
    const Expr active = adjoint.active ? instantiate(adjoint.active, subscripts) : Expr();
    // A zero that keeps itself needs no guard, unless the guard is what keeps an index in range.
    land_all(y,
             pull_back(instantiate(y.define()->value, own), c_.access(adjoint.tensor, subscripts),
                       std::move(binders), {}, varied_),
             active, always_in_range && !keeps_all_guards_ ? adjoint.tensor : TensorId{});
  }

  void land_all(const Definition& y, std::vector<Contribution> contributions, Expr active, TensorId adjoint) {
    for (Contribution& contribution : contributions) {
      std::vector<Adjoint>& all = adjoints(contribution.tensor);
      Adjoint& x = all[reach_.part_of(contribution.tensor, contribution.subscripts)];
      if (active && !(adjoint.valid() && keeps_zero(contribution.seed, adjoint)))
        contribution.guards.insert(contribution.guards.begin(), active);
      if (std::ranges::find(x.users, y.tensor) == x.users.end()) x.users.push_back(y.tensor);
      x.landing.push_back(std::move(contribution));
    }
  }

  // The same through a call, by the rule of its operator.
  void pull_call(const Definition& y) {
    const std::size_t lead = leading_axes(c_, std::get<Call>(y.rule));
    const std::vector<DimId>& dims = c_.tensor(y.tensor).dims;
    std::vector<Adjoint>& all = adjoints(y.tensor);
    if (y.tensor == of_.tensor && !(all.size() == 1 && all.front().tensor.valid())) {
      const std::vector<Expr> slots(of_.at.begin(), of_.at.begin() + static_cast<std::ptrdiff_t>(lead));
      Matrix seed{{}, matrix(c_, y.tensor, lead, slots).axes};
      std::vector<Expr> target = slots;
      for (Index i : seed.axes) target.push_back(c_.position(i));
      seed.element = seed_at(target);
      return pull_call(y, slots, {}, seed, {});
    }
    for (const Adjoint& adjoint : all) {
      std::vector<Expr> slots, outer;
      std::vector<Binder> binders;
      for (std::size_t k = 0; k < leads_.size(); ++k) outer.push_back(this->lead(k));
      for (std::size_t a = 0; a < lead; ++a) {
        binders.push_back(c_.over(dims[a], a < y.index_names.size() ? y.index_names[a] : ""));
        slots.push_back(c_.position(binders.back().index));
      }
      outer.insert(outer.end(), slots.begin(), slots.end());
      const Matrix seed = matrix(c_, adjoint.tensor, outer.size(), outer);
      pull_call(y, slots, binders, seed,
                adjoint.active ? anywhere(adjoint.active, outer, seed.axes) : Expr());
    }
  }

  void pull_call(const Definition& y, const std::vector<Expr>& slots, const std::vector<Binder>& binders,
                 const Matrix& seed, Expr active) {
    const Call& call = std::get<Call>(y.rule);
    std::vector<Matrix> arguments;
    std::vector<bool> wanted;
    for (TensorId t : call.arguments) {
      arguments.push_back(released(matrix(c_, t, slots.size(), slots)));
      wanted.push_back(between_.contains(t));
    }
    MatrixEquations equations = equations_for(system_, y, Role::adjoint);
    const std::vector<Matrix> adds = call.op->adjoint(
        equations, arguments, released(matrix(c_, y.tensor, slots.size(), slots)), seed, wanted);
    std::vector<Contribution> contributions;
    for (std::size_t k = 0; k < adds.size(); ++k) {
      if (!adds[k] || !wanted[k]) continue;
      contributions.push_back({call.arguments[k], slots, adds[k].element, binders, {}});
      Contribution& made = contributions.back();
      for (Index i : adds[k].axes) {
        made.subscripts.push_back(c_.position(i));
        made.binders.push_back({i, c_.integer(0), c_.size(i.dim)});
      }
    }
    land_all(y, std::move(contributions), active, {});
  }

  // Whether any element at these leading positions is active; `own` are the axes behind them.
  Expr anywhere(Expr active, std::vector<Expr> positions, const std::vector<Index>& own) {
    std::vector<Binder> binders;
    for (Index i : own) {
      const Binder binder = c_.over(i.dim);
      positions.push_back(c_.position(binder.index));
      binders.push_back(binder);
    }
    const Expr here = instantiate(active, positions);
    std::erase_if(binders, [&](const Binder& b) { return !here->depends_on(b.index); });
    return binders.empty() ? here : c_.reduce(reduce_any, binders, c_.boolean(true), here);
  }

  System& system_;
  Context& c_;
  Element of_;
  std::vector<DimId> leads_;
  std::vector<std::string> lead_names_;
  bool is_plain_;  // the leads are just the axes of `of`
  bool keeps_all_guards_ = false;
  System slice_;
  TensorSet between_;
  Varied varied_;
  Reach reach_;
  std::unordered_map<TensorId, std::vector<Adjoint>> adjoints_;
};

}  // namespace

std::vector<TensorId> add_adjoints(System& system, TensorId of, std::span<const TensorId> wrt) {
  Context& c = system.context();
  const Definition* d = system.find(of);
  const TensorSet sources{wrt.begin(), wrt.end()};
  Adjoints sweep(system, whole_element(c, of, 0), c.tensor(of).dims,
                 d ? d->index_names : std::vector<std::string>{}, sources, sources);
  sweep.sweep({});
  std::vector<TensorId> result;
  for (TensorId t : wrt) result.push_back(sweep.whole(t));
  return result;
}

Expr reverse_element(System& system, const Element& of, const Element& wrt, std::span<const DimId> leads,
                     std::span<const std::string> lead_names) {
  Adjoints sweep(system, of, {leads.begin(), leads.end()}, {lead_names.begin(), lead_names.end()},
                 {wrt.tensor}, {});
  sweep.sweep(wrt.tensor);
  return sweep.landed_on(wrt);
}

std::vector<Contribution> reverse_contributions(System& system, TensorId of, TensorId wrt) {
  Context& c = system.context();
  const Definition* d = system.find(of);
  Adjoints sweep(system, whole_element(c, of, 0), c.tensor(of).dims,
                 d ? d->index_names : std::vector<std::string>{}, {wrt}, {});
  sweep.keep_all_guards();
  sweep.sweep(wrt);
  return sweep.contributions_to(wrt);
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
