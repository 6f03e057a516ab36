// Forward mode: the tangent of every node is a sum over its arguments of partial · tangent.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <set>
#include <unordered_map>

#include "compiler/diff/calls.h"
#include "compiler/diff/derivative.h"
#include "compiler/diff/element.h"
#include "compiler/diff/reach.h"
#include "compiler/diff/structural.h"
#include "compiler/equations/walk.h"
#include "compiler/operators/stated.h"
#include "compiler/support/check.h"

namespace gradc {

namespace {

// Reductions are opened, so their bodies are met with fresh indices: a stack of scopes, one per opened
// reduction.
class TangentOf {
 public:
  TangentOf(const std::function<Expr(Expr)>& of_access, Varied& varied)
      : of_access_(of_access), varied_(varied) {}

  Expr operator()(Expr root) {
    std::vector<Expr> stack{root};
    while (!stack.empty()) {
      const Expr e = stack.back();
      if (memo_.contains(e)) {
        stack.pop_back();
        continue;
      }
      if (!varied_(e)) {
        memo_.emplace(e, Expr());
        stack.pop_back();
        continue;
      }
      const std::size_t before = stack.size();
      if (e->kind == ExprKind::reduce) {
        const Expr body = opened(e).body;
        if (!memo_.contains(body)) stack.push_back(body);
      } else if (e->kind != ExprKind::access) {
        for (std::size_t k = 0; k < e->operands.size(); ++k)
          if (const Expr operand = e->operands[k];
              operand->type == Type::real && lets_through(e, k) && !memo_.contains(operand))
            stack.push_back(operand);
      }
      if (stack.size() != before) continue;
      stack.pop_back();
      memo_.emplace(e, combine(e));
    }
    return memo_.at(root);
  }

 private:
  const OpenedReduction& opened(Expr e) {
    auto [entry, inserted] = opened_.try_emplace(e);
    if (inserted) entry->second = open(e);
    return entry->second;
  }

  Expr combine(Expr e) {
    Context& c = *e->context;
    switch (e->kind) {
      case ExprKind::constant:
      case ExprKind::position:
      case ExprKind::size: return Expr();
      case ExprKind::access: return of_access_(e);
      case ExprKind::apply: {
        Expr total;
        for (std::size_t i = 0; i < e->arguments().size(); ++i)
          if (const Expr inner = lets_through(e, i) ? memo_.at(e->arguments()[i]) : Expr())
            total = structural::plus(
                total, structural::times(e->op->partial(c, static_cast<int>(i), e->arguments(), e), inner));
        return total;
      }
      case ExprKind::choose:
        return structural::choose(e->condition(), memo_.at(e->on_true()), memo_.at(e->on_false()));
      case ExprKind::reduce: {
        OpenedReduction terms = opened(e);
        const Expr inner = memo_.at(terms.body);
        if (!inner) return Expr();
        const Expr share = terms.op->share(c, terms, e);
        return sum(terms.binders, terms.guard, structural::number(c, structural::times(share, inner)));
      }
    }
    GRADC_UNREACHABLE("an ExprKind");
  }

  const std::function<Expr(Expr)>& of_access_;
  Varied& varied_;
  std::unordered_map<Expr, Expr> memo_;
  std::unordered_map<Expr, OpenedReduction> opened_;
};

// Forward mode over a system: one tangent definition per definition between `of` and `wrt`, or one for each
// part of it that is on the way. What it is taken along depends on some slots of the elements; a tangent has
// an axis for each of these, and for those that its part depends on, behind its own.
class Tangents {
 public:
  // What wrt[subscripts] grows by; in the slots of the elements.
  using Seed = std::function<Expr(std::span<const Expr> subscripts)>;

  Tangents(System& system, const Element& of, TensorId wrt, Seed seed, std::set<Index> seed_slots,
           std::string prefix, std::string suffix)
      : system_(system),
        c_(system.context()),
        of_(of),
        wrt_(wrt),
        seed_(std::move(seed)),
        seed_slots_(std::move(seed_slots)),
        prefix_(std::move(prefix)),
        suffix_(std::move(suffix)),
        slice_(reachable(system, {of.tensor})),
        between_(varied_tensors(slice_, {wrt})),
        varied_(between_),
        moves_(in_circles(slice_).contains(wrt)),
        reach_(slice_, of.tensor, of.at, slots_of(of), varied_, {}, &seed_slots_) {}

  // The tangent of the element, in its slots and those of the seed; null: none.
  Expr of_element() {
    if (!between_.contains(of_.tensor)) return Expr();
    if (is_seed(of_.tensor)) return guarded(of_, seed_(of_.at));
    const bool of_in_circle = in_circles(slice_).contains(of_.tensor);
    for (const Definition& d : slice_.definitions()) {
      if (!between_.contains(d.tensor) || is_seed(d.tensor)) continue;
      if (d.tensor != of_.tensor || of_in_circle)
        for (const Part& part : reach_.parts(d.tensor)) declare(d, part);
    }
    for (const Definition& d : slice_.definitions())
      for (const PartTangent& t : tangents_[d.tensor]) define(d, t);
    if (of_in_circle) return guarded(of_, at_access(c_.access(of_.tensor, of_.at)));
    return guarded(of_, derived(*slice_.find(of_.tensor), of_.at));
  }

 private:
  // Its tangent is what is given, and nothing else moves it. But a state of a recurrence moves with those
  // before it: reverse mode sums over all ways, and so does this.
  bool is_seed(TensorId t) const { return t == wrt_ && !moves_; }

  struct PartTangent {
    std::vector<Expr> own;          // the primal's subscripts: a position of the part, or an index that runs
    std::vector<std::size_t> axes;  // which of the primal's axes come first,
    std::vector<Index> indices;     // and what each axis is an index of
    TensorId tensor = {};
  };

  Expr guarded(const Element& element, Expr value) {
    const Expr in_range = value ? is_in_range(c_, element) : Expr();
    return in_range ? structural::choose(in_range, value, Expr()) : value;
  }

  // An axis of the primal that stands at an index of its own is an axis of the tangent as well.
  static bool is_lone(const Part& part, std::size_t axis, DimId dim) {
    if (part[axis]->kind != ExprKind::position || part[axis]->index.dim != dim) return false;
    return std::ranges::count_if(part, [&](Expr e) { return e && e->depends_on(part[axis]->index); }) == 1;
  }

  void declare(const Definition& d, const Part& part) {
    const Tensor& p = c_.tensor(d.tensor);
    PartTangent made{.own = part, .axes = {}, .indices = {}};
    std::set<Index> carried = seed_slots_;
    for (std::size_t a = 0; a < part.size(); ++a) {
      if (!part[a]) {
        made.indices.push_back(c_.fresh_index(p.dims[a]));
        made.own[a] = c_.position(made.indices.back());
      } else if (is_lone(part, a, p.dims[a]) && !seed_slots_.contains(part[a]->index)) {
        made.indices.push_back(part[a]->index);
      } else {
        carried.insert(part[a]->free.begin(), part[a]->free.end());
        continue;
      }
      made.axes.push_back(a);
    }
    made.indices.insert(made.indices.end(), carried.begin(), carried.end());
    Tensor t{.name = c_.unused_name(prefix_ + p.name + suffix_), .role = Role::tangent, .dims = {}};
    for (Index index : made.indices) t.dims.push_back(index.dim);
    if (made.axes.size() == p.rank()) {
      t.of = d.tensor;
      t.wrt = wrt_;
    }
    made.tensor = c_.add_tensor(std::move(t));
    tangents_[d.tensor].push_back(std::move(made));
  }

  void define(const Definition& d, const PartTangent& t) {
    Expr flown = derived(d, t.own);
    if (d.tensor == wrt_) flown = structural::plus(seed_(t.own), flown);
    const Expr value = guarded({d.tensor, t.own}, flown);
    std::vector<Expr> slots;
    IndexMap map;
    for (std::size_t k = 0; k < t.indices.size(); ++k)
      map.emplace_back(t.indices[k],
                       c_.position(Index::slot(static_cast<std::int32_t>(k), t.indices[k].dim)));
    std::vector<std::string> names;
    for (std::size_t a : t.axes) names.push_back(a < d.index_names.size() ? d.index_names[a] : "");
    if (const Definition* given = suffix_.empty() ? nullptr : system_.find(wrt_))
      names.insert(names.end(), given->index_names.begin(), given->index_names.end());
    names.resize(t.indices.size());
    system_.add({t.tensor,
                 Define{structural::number(c_, released(value ? substitute(value, map) : value))},
                 {d.origin.range, "chain rule"},
                 std::move(names)});
  }

  Expr derived(const Definition& d, std::span<const Expr> own) {
    if (std::holds_alternative<Call>(d.rule)) return derived_call(d, own);
    GRADC_CHECK(d.define(), "no derivative yet through the definition of " + c_.tensor(d.tensor).name);
    return tangent(
        instantiate(d.define()->value, own), [this](Expr access) { return at_access(access); }, varied_);
  }

  // The same of a call, by the rule of its operator.
  Expr derived_call(const Definition& d, std::span<const Expr> own) {
    const Call& call = std::get<Call>(d.rule);
    const std::span<const Expr> slots = own.first(leading_axes(c_, call));
    std::vector<Matrix> arguments, tangents;
    for (TensorId t : call.arguments) {
      const Matrix read = matrix(c_, t, slots.size(), slots);
      arguments.push_back(released(read));
      tangents.emplace_back();
      if (between_.contains(t)) tangents.back() = {at_access(read.element), read.axes};
    }
    MatrixEquations equations = equations_for(system_, d, Role::tangent);
    const Matrix result =
        call.op->tangent(equations, arguments, released(matrix(c_, d.tensor, slots.size(), slots)), tangents);
    return equations.at(result, own.subspan(slots.size()));
  }

  Expr at_access(Expr access) {
    if (is_seed(access->tensor)) return seed_(access->arguments());
    const PartTangent& t = tangents_.at(access->tensor)[reach_.part_of(access->tensor, access->arguments())];
    std::vector<Expr> subscripts;
    for (std::size_t a : t.axes) subscripts.push_back(access->arguments()[a]);
    for (std::size_t k = t.axes.size(); k < t.indices.size(); ++k)
      subscripts.push_back(c_.position(t.indices[k]));
    return c_.access(t.tensor, subscripts);
  }

  System& system_;
  Context& c_;
  Element of_;
  TensorId wrt_;
  Seed seed_;
  std::set<Index> seed_slots_;
  std::string prefix_, suffix_;  // of the tangents' names, around the primal's
  System slice_;
  TensorSet between_;
  Varied varied_;
  bool moves_;
  Reach reach_;
  std::unordered_map<TensorId, std::vector<PartTangent>> tangents_;
};

std::set<Index> slots_in(std::span<const Expr> at) {
  std::set<Index> slots;
  for (Expr e : at) slots.insert(e->free.begin(), e->free.end());
  return slots;
}

}  // namespace

Expr tangent(Expr e, const std::function<Expr(Expr)>& of_access, Varied& varied) {
  return TangentOf(of_access, varied)(e);
}

Expr derivative(Expr body, TensorId t) {
  const TensorSet sources{t};
  Varied varied(sources);
  return tangent(
      body, [&](Expr) { return body->context->real(1); }, varied);
}

// Where wrt itself is read, its tangent along ∂/∂wrt[k] is the Kronecker delta of the subscripts and k.
Expr forward_element(System& system, const Element& of, const Element& wrt) {
  Context& c = system.context();
  const auto kronecker = [&](std::span<const Expr> subscripts) {
    Expr same;
    for (std::size_t a = 0; a < wrt.at.size(); ++a)
      if (subscripts[a] != wrt.at[a]) same = both_of(same, equal(subscripts[a], wrt.at[a]));
    return same ? c.choose(same, c.real(1), c.real(0)) : c.real(1);
  };
  return Tangents(system, of, wrt.tensor, kronecker, slots_in(wrt.at), "d_", "_" + c.tensor(wrt.tensor).name)
      .of_element();
}

Expr forward_along(System& system, const Element& of, TensorId wrt, const Element& direction) {
  Context& c = system.context();
  const auto along = [&](std::span<const Expr> subscripts) {
    std::vector<Expr> at = direction.at;
    at.insert(at.end(), subscripts.begin(), subscripts.end());
    return c.access(direction.tensor, at);
  };
  return Tangents(system, of, wrt, along, slots_in(direction.at), "t_", "").of_element();
}

}  // namespace gradc
