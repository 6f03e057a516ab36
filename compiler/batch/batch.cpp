// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/batch/batch.h"

#include <algorithm>
#include <unordered_set>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/operators/matrix_equations.h"
#include "compiler/support/check.h"

namespace gradc {
namespace {

bool is_example(Role role) { return role == Role::input || role == Role::target || role == Role::noise; }

// Every tensor that an example reaches, through subscripts and conditions too.
std::unordered_set<TensorId> dependents(const System& system) {
  const Context& c = system.context();
  std::unordered_set<TensorId> result;
  auto varies = [&](TensorId t) { return is_example(c.tensor(t).role) || result.contains(t); };
  for (const auto& group : strongly_connected(system)) {
    const bool any = std::ranges::any_of(group, [&](std::size_t i) {
      const Definition& d = system.definitions()[i];
      return std::holds_alternative<Noise>(d.rule) || std::ranges::any_of(reads(d), varies);
    });
    if (!any) continue;
    for (std::size_t i : group) result.insert(system.definitions()[i].tensor);
  }
  return result;
}

// What does not differ from example to example is taken apart once: as matrices over the index of the
// examples, a right side's examples become columns.
void add_call(Batched& result, const Definition& d, const Call& call) {
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
}

}  // namespace

TensorId Batched::operator()(TensorId unbatched) const {
  auto found = tensors.find(unbatched);
  return found == tensors.end() ? unbatched : found->second;
}

Batched batch(const System& one) {
  Context& c = one.context();
  Batched result{System(c), c.add_dim({.name = "batch", .kind = Dim::Kind::run_time, .is_batch = true}), {}};
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
      if (is_example(c.tensor(t).role)) declare(t);
  }
  for (TensorId t : one.outputs())
    if (is_example(c.tensor(t).role)) declare(t);
  for (const auto& [before, after] : result.tensors) {
    Tensor& t = c.tensor(after);
    if (!t.at.empty()) t.of = t.wrt = {}, t.at.clear();  // its slots were those of one example
    if (t.of.valid()) t.of = result(t.of);
    if (t.wrt.valid()) t.wrt = result(t.wrt);
  }

  const Expr n = c.position(Index::slot(0, result.batch));
  RewriteMemo memo;
  auto with_example = [&](Expr e) {
    if (e->kind != ExprKind::access) return e;
    auto batched = result.tensors.find(e->tensor);
    if (batched == result.tensors.end()) return e;
    std::vector<Expr> subscripts{n};
    subscripts.insert(subscripts.end(), e->arguments().begin(), e->arguments().end());
    return c.access(batched->second, subscripts);
  };
  for (const Definition& d : one.definitions()) {
    if (!dependent.contains(d.tensor)) {
      result.system.add(d);
      continue;
    }
    if (const Call* call = std::get_if<Call>(&d.rule)) {
      add_call(result, d, *call);
      continue;
    }
    const Define* define = d.define();
    GRADC_CHECK(define, "batching of " + c.tensor(d.tensor).name + " is not an equation");
    std::vector<Expr> moved;  // slot k of one example is slot k + 1 of the batch
    for (DimId dim : c.tensor(d.tensor).dims)
      moved.push_back(c.position(Index::slot(static_cast<std::int32_t>(moved.size()) + 1, dim)));
    Definition batched = d;
    batched.tensor = result(d.tensor);
    batched.rule = Define{rewrite(instantiate(define->value, moved), with_example, memo)};
    if (!batched.index_names.empty())
      batched.index_names.insert(batched.index_names.begin(), "n");
    else
      batched.index_names.assign(moved.size() + 1, ""), batched.index_names[0] = "n";
    result.system.add(std::move(batched));
  }
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
