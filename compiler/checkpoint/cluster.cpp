// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/checkpoint/cluster.h"

#include <algorithm>

#include "compiler/equations/walk.h"
#include "compiler/operators/affine.h"
#include "compiler/operators/build.h"
#include "compiler/operators/circle.h"

namespace gradc {

namespace {

class ClusterFinder {
 public:
  ClusterFinder(const System& system, const std::set<TensorId>& tried, bool up)
      : s_(system), c_(system.context()), tried_(tried) {
    cluster_.up = up;
    for (std::size_t i = 0; i < s_.definitions().size(); ++i)
      if (const Define* define = s_.definitions()[i].define()) {
        values_.emplace(s_.definitions()[i].tensor, define->value);
        for (Expr e : reachable_nodes(define->value))
          if (e->kind == ExprKind::access) accesses_[s_.definitions()[i].tensor].push_back(e);
      }
  }

  std::optional<Cluster> run() {
    find_circles();
    for (const Circle& circle : circles_)
      if (comes_back(circle) && !tried_.contains(circle.tensors[0]) && reads_what_went(circle))
        if (grown_from(circle)) return cluster_;
    return std::nullopt;
  }

 private:
  struct Circle {
    std::vector<TensorId> tensors;
    std::vector<std::size_t> axes;
    bool up = true;
  };

  bool grown_from(const Circle& circle) {
    cluster_ = {.up = cluster_.up};
    good_ = true;
    add(circle);
    while (good_ && grow()) {
    }
    return good_ && stages() && find_steps();
  }

  void find_circles() {
    for (const std::vector<std::size_t>& group : strongly_connected(s_)) {
      if (!is_circle(s_, group)) continue;
      Circle circle;
      for (std::size_t i : group) circle.tensors.push_back(s_.definitions()[i].tensor);
      std::optional<CircleLoop> loop;
      if (std::ranges::all_of(circle.tensors, [&](TensorId t) { return is_free(t); }))
        loop = find_loop(c_, circle_members(s_, group));
      if (!loop) {
        rigid_.insert(circle.tensors.begin(), circle.tensors.end());
        continue;
      }
      circle.axes = loop->loops;
      circle.up = loop->up;
      for (TensorId t : circle.tensors) circle_of_.emplace(t, circles_.size());
      circles_.push_back(std::move(circle));
    }
  }

  bool is_free(TensorId t) const { return values_.contains(t) && c_.tensor(t).segments == Segments::none; }
  bool comes_back(const Circle& circle) const { return circle.up != cluster_.up; }
  bool reads_what_went(const Circle& circle) const {
    return std::ranges::any_of(circle.tensors, [&](TensorId t) {
      return std::ranges::any_of(accesses_.at(t), [&](Expr e) {
        const auto other = circle_of_.find(e->tensor);
        return other != circle_of_.end() && !comes_back(circles_[other->second]);
      });
    });
  }

  void add(const Circle& circle) {
    for (std::size_t m = 0; m < circle.tensors.size(); ++m) {
      const TensorId t = circle.tensors[m];
      good_ = good_ && !is_ragged(c_, c_.tensor(t).dims[circle.axes[m]]);
      cluster_.time.emplace(t, circle.axes[m]);
    }
  }
  // Whether there is a new one.
  bool join(TensorId t, std::size_t axis) {
    if (cluster_.contains(t) || rigid_.contains(t) || !is_free(t)) return false;
    if (is_ragged(c_, c_.tensor(t).dims[axis])) return false;
    if (const auto circle = circle_of_.find(t); circle != circle_of_.end()) {
      const Circle& of = circles_[circle->second];
      const auto m = static_cast<std::size_t>(std::ranges::find(of.tensors, t) - of.tensors.begin());
      if (of.axes[m] != axis) return false;
      add(of);
      return true;
    }
    cluster_.time.emplace(t, axis);
    return true;
  }

  bool grow() {
    bool grown = false;
    for (const auto& [t, accesses] : accesses_)
      for (Expr e : accesses) {
        const TensorId read = e->tensor;
        const auto reader = cluster_.time.find(t), made = cluster_.time.find(read);
        const std::vector<DimId>& dims = c_.tensor(t).dims;
        if (made != cluster_.time.end() && reader == cluster_.time.end()) {
          for (std::size_t k = 0; k < dims.size(); ++k)
            if (offset_from(e->arguments()[made->second], Index::slot(static_cast<std::int32_t>(k), dims[k])))
              grown = join(t, k) || grown;
        } else if (reader != cluster_.time.end() && made == cluster_.time.end()) {
          const Index own = Index::slot(static_cast<std::int32_t>(reader->second), dims[reader->second]);
          for (std::size_t k = 0; k < e->arguments().size(); ++k)
            if (offset_from(e->arguments()[k], own)) grown = join(read, k) || grown;
        }
      }
    return grown;
  }

  // Everything of the cluster that these need, with them.
  std::set<TensorId> needed(std::vector<TensorId> pending) const {
    std::set<TensorId> result;
    while (!pending.empty()) {
      const TensorId t = pending.back();
      pending.pop_back();
      if (!cluster_.contains(t) || !result.insert(t).second) continue;
      if (const auto found = accesses_.find(t); found != accesses_.end())
        for (Expr e : found->second) pending.push_back(e->tensor);
    }
    return result;
  }

  bool stages() {
    const auto reads_any = [](const Definition& d, const std::set<TensorId>& of) {
      return std::ranges::any_of(reads(d), [&](TensorId t) { return of.contains(t); });
    };
    // Late is what comes back, and what needs it or anything that is known after a whole sweep.
    std::set<TensorId> late;
    for (const Circle& circle : circles_)
      if (comes_back(circle) && cluster_.contains(circle.tensors[0]))
        late.insert(circle.tensors.begin(), circle.tensors.end());
    for (bool grown = true; grown;) {
      grown = false;
      for (const Definition& d : s_.definitions()) {
        const bool inside = cluster_.contains(d.tensor);
        if (!inside && std::ranges::any_of(reads(d), [&](TensorId t) {
              return cluster_.contains(t) || cluster_.after.contains(t);
            }))
          grown = cluster_.after.insert(d.tensor).second || grown;
        if (reads_any(d, late) || (inside && reads_any(d, cluster_.after)))
          grown = late.insert(d.tensor).second || grown;
      }
    }
    std::vector<TensorId> wanted, others;
    for (const Circle& circle : circles_) {
      if (!cluster_.contains(circle.tensors[0]) || comes_back(circle)) continue;
      if (late.contains(circle.tensors[0])) return false;  // there again, behind what came back
      wanted.insert(wanted.end(), circle.tensors.begin(), circle.tensors.end());
    }
    for (const Definition& d : s_.definitions())
      if (!cluster_.contains(d.tensor))
        for (TensorId t : reads(d)) {
          if (!late.contains(d.tensor)) wanted.push_back(t);
          if (late.contains(d.tensor) || reads_any(d, cluster_.after)) others.push_back(t);
        }
    for (TensorId t : s_.outputs())
      if (!late.contains(t)) wanted.push_back(t);
    std::erase_if(wanted, [&](TensorId t) { return late.contains(t); });
    cluster_.forward = needed(wanted);
    for (const auto& [t, axis] : cluster_.time)
      if (!cluster_.forward.contains(t)) {
        cluster_.backward.insert(t);
        others.push_back(t);
      }
    for (TensorId t : needed(others))
      if (cluster_.forward.contains(t)) cluster_.copied.insert(t);
    return !cluster_.copied.empty() && !cluster_.backward.empty();
  }

  // An iterate by itself, which says step by step whether there is a next one; those inside its steps say it
  // of theirs.
  bool find_steps() {
    bool of_steps = false, others = false;
    for (const auto& [t, axis] : cluster_.time) {
      const Tensor& tensor = c_.tensor(t);
      (c_.dim(tensor.dims[axis]).of_steps ? of_steps : others) = true;
      if (!tensor.counted_by.valid() || cluster_.contains(tensor.counted_by)) continue;
      if (cluster_.live.valid() || axis + 1 != tensor.rank()) return false;
      cluster_.live = t;
    }
    return of_steps
               ? !others && cluster_.live.valid() && cluster_.up && cluster_.forward.contains(cluster_.live)
               : !cluster_.live.valid();
  }

  const System& s_;
  Context& c_;
  const std::set<TensorId>& tried_;
  std::map<TensorId, Expr> values_;
  std::map<TensorId, std::vector<Expr>> accesses_;
  std::vector<Circle> circles_;
  std::map<TensorId, std::size_t> circle_of_;
  std::set<TensorId> rigid_;  // circles that are no steps along one axis
  Cluster cluster_;
  bool good_ = true;
};

}  // namespace

std::optional<Cluster> find_cluster(const System& system, const std::set<TensorId>& tried) {
  for (const bool up : {true, false})
    if (std::optional<Cluster> found = ClusterFinder(system, tried, up).run()) return found;
  return std::nullopt;
}

}  // namespace gradc
