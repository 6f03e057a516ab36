// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/checkpoint/segments.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "compiler/checkpoint/cluster.h"
#include "compiler/checkpoint/sweep.h"
#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"

namespace gradc {

namespace {

bool is_closed(Expr e) { return e->free.empty(); }

class Segmenter {
 public:
  Segmenter(const System& system, Cluster cluster, Segments forward, Segments backward)
      : s_(system),
        c_(system.context()),
        cluster_(std::move(cluster)),
        loops_{forward, backward},
        made_(c_),
        sweep_(c_, cluster_, forward, backward) {}

  std::optional<System> run() {
    for (const Definition& d : s_.definitions()) {
      if (cluster_.contains(d.tensor)) {
        scan(d.tensor, d.define()->value);
        continue;
      }
      Definition other = d;
      if (const Define* define = d.define()) other.rule = Define{outside(define->value)};
      if (std::ranges::any_of(tensors_read_by_call(d), [&](TensorId t) { return cluster_.contains(t); }))
        for (TensorId t : tensors_read_by_call(d)) spill(t);
      made_.add(std::move(other));
    }
    for (TensorId t : s_.outputs()) spill(t);
    for (const Definition& d : s_.definitions())
      if (cluster_.contains(d.tensor)) sweep_.add_length(c_.size(time_dim(d.tensor)), d.tensor);
    if (!sweep_.settle()) return std::nullopt;
    for (const Definition& d : s_.definitions()) {
      if (!cluster_.contains(d.tensor)) continue;
      const Expr value = d.define()->value;
      if (cluster_.forward.contains(d.tensor))
        sweep_.define(made_, d.tensor, value, Stage::forward, d.origin);
      if (cluster_.copied.contains(d.tensor)) sweep_.define(made_, d.tensor, value, Stage::copy, d.origin);
      if (cluster_.backward.contains(d.tensor))
        sweep_.define(made_, d.tensor, value, Stage::backward, d.origin);
    }
    sweep_.finish(made_);
    made_.set_outputs(s_.outputs());
    if (goes_in_circles()) {
      sweep_.take_back();
      return std::nullopt;
    }
    return std::move(made_);
  }

 private:
  static std::vector<TensorId> tensors_read_by_call(const Definition& d) {
    return d.define() ? std::vector<TensorId>{} : reads(d);
  }
  DimId time_dim(TensorId t) const { return c_.tensor(t).dims[cluster_.time.at(t)]; }
  void spill(TensorId t) {
    if (cluster_.contains(t)) sweep_.spill(t);
  }

  // What an equation along time reads, and how far ahead of it.
  void scan(TensorId reader, Expr value) {
    const Index time = Index::slot(static_cast<std::int32_t>(cluster_.time.at(reader)), time_dim(reader));
    for (Expr e : reachable_nodes(value)) {
      if (e->kind != ExprKind::access || !cluster_.contains(e->tensor)) continue;
      const Expr at = e->arguments()[cluster_.time.at(e->tensor)];
      if (const auto offset = offset_from(at, time))
        sweep_.add_read(reader, e->tensor, *offset);
      else if (!sweep_.last(e) && !is_closed(at))
        spill(e->tensor);
    }
  }

  // An equation outside of time: its sums along time are sums of both sweeps, and single elements are picked.
  Expr outside(Expr root) {
    std::unordered_map<Expr, Expr> done;
    std::vector<Expr> nodes{root};
    std::unordered_set<Expr> seen{root};
    for (std::size_t k = 0; k < nodes.size(); ++k)
      if (nodes[k]->kind != ExprKind::reduce)
        for (Expr operand : nodes[k]->operands)
          if (seen.insert(operand).second) nodes.push_back(operand);
    std::sort(nodes.begin(), nodes.end());
    for (Expr e : nodes) {
      if (e->kind == ExprKind::reduce) {
        done.emplace(e, reduction(e));
        continue;
      }
      std::vector<Expr> operands;
      for (Expr operand : e->operands) operands.push_back(done.at(operand));
      Expr made = with_operands(e, operands);
      if (e->kind == ExprKind::access && cluster_.contains(e->tensor)) {
        if (const auto last = sweep_.last(made))
          made = *last;
        else if (is_closed(e->arguments()[cluster_.time.at(e->tensor)]))
          made = sweep_.pick(made);
        else
          spill(e->tensor);
      }
      done.emplace(e, made);
    }
    return done.at(root);
  }

  Expr reduction(Expr e) {
    OpenedReduction o = open(e);
    if (const std::optional<Expr> total = sweep_.total(e, o)) return *total;
    for (Binder& b : o.binders) b.lower = outside(b.lower), b.upper = outside(b.upper);
    o.guard = outside(o.guard);
    o.body = outside(o.body);
    return close(c_, o);
  }

  // Whether one of the loops waits for something that waits for what it makes.
  bool goes_in_circles() const {
    for (const Segments which : loops_) {
      std::unordered_set<TensorId> seen;
      std::vector<TensorId> pending;
      const auto look = [&](TensorId t, bool from_inside) {
        const bool inside = c_.tensor(t).segments == which;
        if (inside && !from_inside) return true;
        if (!inside && seen.insert(t).second) pending.push_back(t);
        return false;
      };
      for (const Definition& d : made_.definitions())
        if (c_.tensor(d.tensor).segments == which)
          for (TensorId t : reads(d)) {
            look(t, true);
            if (c_.tensor(t).segments == which && sweep_.is_of_whole_sweep(t)) return true;
          }
      while (!pending.empty()) {
        const TensorId t = pending.back();
        pending.pop_back();
        if (const Definition* d = made_.find(t))
          for (TensorId read : reads(*d))
            if (look(read, false)) return true;
      }
    }
    return false;
  }

  const System& s_;
  Context& c_;
  Cluster cluster_;
  Segments loops_[2];
  System made_;
  Sweep sweep_;
};

}  // namespace

System in_segments(const System& system) {
  System result = system;
  // The same system may have been cut before: for another function, or for another level of optimisation.
  for (const Definition& d : result.definitions())
    result.context().tensor(d.tensor).segments = Segments::none;
  std::set<TensorId> tried;
  for (std::int32_t loops = 1;; loops += 2) {
    const std::optional<Cluster> cluster = find_cluster(result, tried);
    if (!cluster) return result;
    for (const auto& [t, axis] : cluster->time) tried.insert(t);
    if (std::optional<System> made =
            Segmenter(result, *cluster, static_cast<Segments>(loops), static_cast<Segments>(loops + 1)).run())
      result = *std::move(made);
  }
}

}  // namespace gradc
