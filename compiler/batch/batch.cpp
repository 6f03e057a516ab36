// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/batch/batch.h"

#include <algorithm>
#include <unordered_set>

#include "compiler/equations/definition.h"
#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/operators/matrix_equations.h"
#include "compiler/operators/table.h"
#include "compiler/support/check.h"

namespace gradc {
namespace {

// Noise that stands for its mean is an equation like others.
bool is_example(const System& system, TensorId t) {
  switch (system.context().tensor(t).role) {
    case Role::input:
    case Role::target: return true;
    case Role::noise: {
      const Definition* definition = system.find(t);
      return !definition || !definition->define();
    }
    default: return false;
  }
}

bool is_across_batch(const Context& c, Expr e) {
  return e->kind == ExprKind::reduce &&
         std::ranges::any_of(e->binders, [&](Index b) { return b.dim.valid() && c.dim(b.dim).is_batch; });
}

// Which expressions differ from example to example: a reduction over the batch is the same for all.
class Varies {
 public:
  Varies(const System& system, const std::unordered_set<TensorId>& tensors)
      : system_(system), tensors_(tensors) {}

  bool operator()(Expr root) {
    for (Expr e : reachable_nodes(root)) {  // children first
      if (memo_.contains(e)) continue;
      bool varies = e->kind == ExprKind::access &&
                    (is_example(system_, e->tensor) || tensors_.contains(e->tensor));
      varies = varies || (e->kind == ExprKind::size && is_ragged(system_.context(), e->dim));
      if (!is_across_batch(system_.context(), e))
        for (Expr operand : e->operands) varies = varies || memo_.at(operand);
      memo_.emplace(e, varies);
    }
    return memo_.at(root);
  }

 private:
  const System& system_;
  const std::unordered_set<TensorId>& tensors_;
  std::unordered_map<Expr, bool> memo_;
};

// Every tensor that an example reaches, through subscripts and conditions too.
std::unordered_set<TensorId> dependents(const System& system) {
  std::unordered_set<TensorId> result;
  for (const auto& group : strongly_connected(system)) {
    Varies varies(system, result);
    const bool any = std::ranges::any_of(group, [&](std::size_t i) {
      const Definition& d = system.definitions()[i];
      if (const Call* call = std::get_if<Call>(&d.rule))
        return std::ranges::any_of(call->arguments,
                                   [&](TensorId t) { return is_example(system, t) || result.contains(t); });
      return std::holds_alternative<Noise>(d.rule) ||
             std::ranges::any_of(expressions(d), [&](Expr e) { return varies(e); });
    });
    if (!any) continue;
    for (std::size_t i : group) result.insert(system.definitions()[i].tensor);
  }
  return result;
}

// Sizes of one example.
class Sizes {
 public:
  Sizes(Context& context, DimId batch, std::map<DimId, TensorId>& lengths)
      : c_(context), batch_(batch), lengths_(lengths) {}

  // Of a ragged dim; a length that a caller got wrong reads no more than there is.
  Expr operator()(DimId dim, Expr example) {
    if (c_.dim(dim).kind != Dim::Kind::computed)
      return c_.apply(op_min, {c_.access(length(dim), {example}), c_.size(dim)});
    return rewrite(c_.dim(dim).size, [&](Expr e) {
      return e->kind == ExprKind::size && is_ragged(c_, e->dim) ? (*this)(e->dim, example) : e;
    });
  }

 private:
  TensorId length(DimId dim) {
    auto [found, is_new] = lengths_.try_emplace(dim);
    for (std::size_t k = 0; is_new && k < c_.tensor_count(); ++k)  // every function of a model has the same
      if (const TensorId t{static_cast<std::int32_t>(k)};
          c_.tensor(t).role == Role::length && c_.tensor(t).length_of == dim)
        return found->second = t;
    if (is_new)
      found->second = c_.add_tensor({.name = c_.unused_name(c_.dim(dim).name + "_length"),
                                     .role = Role::length,
                                     .type = Type::integer,
                                     .dims = {batch_},
                                     .length_of = dim});
    return found->second;
  }

  Context& c_;
  DimId batch_;
  std::map<DimId, TensorId>& lengths_;
};

// Whether what is computed behind the end of an example could matter: carried on by a circle, or read at a
// position that is none there.
bool could_go_wrong(const Context& c, const Definition& d, bool in_circle) {
  if (in_circle) return true;
  for (Expr root : expressions(d))
    for (Expr e : reachable_nodes(root)) {
      if (e->kind != ExprKind::access) continue;
      for (Expr subscript : e->arguments())
        for (Expr part : reachable_nodes(subscript))
          if (part->kind == ExprKind::access || (part->kind == ExprKind::size && is_ragged(c, part->dim)))
            return true;
    }
  return false;
}

// What does not differ from example to example is taken apart once: as matrices over the index of the
// examples, a right side's examples become columns.
TensorId add_call(Batched& result, const Definition& d, const Call& call) {
  Context& c = result.system.context();
  const TensorId batched = result(d.tensor);
  const std::vector<DimId>& dims = c.tensor(batched).dims;
  const std::size_t lead = leading_axes(c, call);
  std::vector<Expr> slots;
  std::vector<Index> own;
  for (std::size_t a = 0; a < dims.size(); ++a) {
    const Index slot = Index::slot(static_cast<std::int32_t>(a), dims[a]);
    if (a <= lead)
      slots.push_back(c.position(slot));
    else
      own.push_back(slot);
  }
  std::vector<Matrix> arguments;
  for (TensorId t : call.arguments) {
    const TensorId read = result(t);
    Matrix& argument = arguments.emplace_back();
    std::vector<Expr> subscripts(slots.begin() + (read == t ? 1 : 0), slots.end());
    for (std::size_t a = subscripts.size(); a < c.tensor(read).rank(); ++a) {
      argument.axes.push_back(c.fresh_index(c.tensor(read).dims[a]));
      subscripts.push_back(c.position(argument.axes.back()));
    }
    argument.element = c.access(read, subscripts);
  }
  MatrixEquations::Options options;
  options.add = [&](Definition made) { result.system.add(std::move(made)); };
  options.name = [&](std::string_view what) {
    return c.unused_name(c.tensor(batched).name + "_" + std::string(what));
  };
  options.role = c.tensor(batched).role;
  options.origin = d.origin;
  const Matrix value = MatrixEquations(c, options).call(*call.op, arguments, "batched");
  IndexMap map;
  for (std::size_t k = 0; k < own.size(); ++k) map.emplace_back(value.axes[k], c.position(own[k]));
  result.system.add({batched, Define{substitute(value.element, map)}, d.origin, {}});
  return value.element->tensor;
}

}  // namespace

TensorId Batched::operator()(TensorId unbatched) const {
  auto found = tensors.find(unbatched);
  return found == tensors.end() ? unbatched : found->second;
}

Batched batch(const System& one) {
  Context& c = one.context();
  Batched result{System(c), batch_dim(c), {}};
  const std::unordered_set<TensorId> dependent = dependents(one);

  auto declare = [&](TensorId t) {
    if (result.tensors.contains(t)) return;
    Tensor batched = c.tensor(t);  // under its own name: this is what the ABI calls it
    batched.dims.insert(batched.dims.begin(), result.batch);
    result.tensors[t] = c.add_tensor(std::move(batched));
  };
  for (const Definition& d : one.definitions()) {
    if (dependent.contains(d.tensor)) declare(d.tensor);
    for (TensorId t : reads(d))
      if (is_example(one, t)) declare(t);
  }
  for (TensorId t : one.outputs())
    if (is_example(one, t)) declare(t);
  for (const auto& [before, after] : result.tensors) {
    Tensor& t = c.tensor(after);
    if (!t.at.empty()) t.of = t.wrt = {}, t.at.clear();  // its slots were those of one example
    if (t.of.valid()) t.of = result(t.of);
    if (t.wrt.valid()) t.wrt = result(t.wrt);
    if (t.counted_by.valid()) t.counted_by = result(t.counted_by);
    if (t.held_of.valid()) t.held_of = result(t.held_of);
  }

  // The example is an index that becomes the first slot, or that of the reduction over the batch around it.
  const Index example = c.fresh_index(result.batch);
  const Expr n = c.position(example), first = c.position(Index::slot(0, result.batch));
  RewriteMemo memo;
  Sizes sizes(c, result.batch, result.lengths);
  auto with_example = [&](Expr e) {
    if (e->kind == ExprKind::size && is_ragged(c, e->dim)) return sizes(e->dim, n);
    if (is_across_batch(c, e)) {
      OpenedReduction r = open(e);
      const auto own = std::ranges::find_if(
          r.binders, [&](const Binder& b) { return b.index.dim.valid() && c.dim(b.index.dim).is_batch; });
      const IndexMap map{{example, c.position(own->index)}};
      r.guard = substitute(r.guard, map);
      r.body = substitute(r.body, map);
      return close(c, r);
    }
    if (e->kind != ExprKind::access) return e;
    auto batched = result.tensors.find(e->tensor);
    if (batched == result.tensors.end()) return e;
    std::vector<Expr> subscripts{n};
    subscripts.insert(subscripts.end(), e->arguments().begin(), e->arguments().end());
    return c.access(batched->second, subscripts);
  };
  const std::unordered_set<TensorId> circular = in_circles(one);
  std::unordered_map<TensorId, TensorId> calls;  // by what they define in one example
  for (const Definition& d : one.definitions()) {
    if (!dependent.contains(d.tensor)) {
      result.system.add(mapped(d, [&](Expr e) { return rewrite(e, with_example, memo); }));
      continue;
    }
    if (const Call* call = std::get_if<Call>(&d.rule)) {
      calls.emplace(d.tensor, add_call(result, d, *call));
      continue;
    }
    GRADC_CHECK(d.define() || std::holds_alternative<Noise>(d.rule),
                "batching of " + c.tensor(d.tensor).name + " is not an equation");
    std::vector<Expr> moved;  // slot k of one example is slot k + 1 of the batch
    Expr inside;              // before the example's end
    for (DimId dim : c.tensor(d.tensor).dims) {
      moved.push_back(c.position(Index::slot(static_cast<std::int32_t>(moved.size()) + 1, dim)));
      if (!is_ragged(c, dim) || !could_go_wrong(c, d, circular.contains(d.tensor))) continue;
      const Expr here = less(moved.back(), sizes(dim, first));
      inside = inside ? both(inside, here) : here;
    }
    Definition batched = mapped(d, [&](Expr e) {
      e = substitute(rewrite(instantiate(e, moved), with_example, memo), {{example, first}});
      return inside ? choose(inside, e, c.constant(0, e->type)) : e;
    });
    batched.tensor = result(d.tensor);
    if (!batched.index_names.empty())
      batched.index_names.insert(batched.index_names.begin(), "n");
    else
      batched.index_names.assign(moved.size() + 1, ""), batched.index_names[0] = "n";
    result.system.add(std::move(batched));
  }
  for (const auto& [before, call] : calls)
    if (const auto of = calls.find(c.tensor(before).held_of); of != calls.end())
      c.tensor(call).held_of = of->second;
  std::vector<TensorId> outputs;
  for (TensorId t : one.outputs()) outputs.push_back(result(t));
  result.system.set_outputs(std::move(outputs));
  return result;
}

TensorId add_batch_sum(Batched& batched, TensorId scalar) {
  if (!batched.per_example(scalar)) return scalar;
  Context& c = batched.system.context();
  const TensorId per_example = batched(scalar);
  GRADC_CHECK(c.tensor(per_example).rank() == 1, "the sum over a batch of a tensor that is no scalar");
  const TensorId total = c.add_tensor({.name = c.unused_name(c.tensor(scalar).name + "_sum")});
  const Binder n = c.over(batched.batch, "n");
  batched.system.add(
      {total, Define{sum({n}, c.access(per_example, {c.position(n.index)}))}, {{}, "batch"}, {}});
  return total;
}

}  // namespace gradc
