// Forward mode: the tangent of every node is a sum over its arguments of partial · tangent.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <unordered_map>

#include "compiler/diff/derivative.h"
#include "compiler/diff/structural.h"
#include "compiler/equations/walk.h"
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
        for (Expr operand : e->operands)
          if (operand->type == Type::real && !memo_.contains(operand)) stack.push_back(operand);
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
          if (const Expr inner = memo_.at(e->arguments()[i]))
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

// Where wrt itself is read, its tangent along ∂/∂wrt[k] is the Kronecker delta of the subscripts and k.
Expr kronecker(Context& c, Expr access, std::size_t first_slot, const std::vector<DimId>& dims) {
  Expr same;
  for (std::size_t a = 0; a < dims.size(); ++a) {
    const Expr k = c.position(Index::slot(static_cast<std::int32_t>(first_slot + a), dims[a]));
    const Expr hit = equal(access->arguments()[a], k);
    same = same ? both(same, hit) : hit;
  }
  return same ? c.choose(same, c.real(1), c.real(0)) : c.real(1);
}

// Adds the tangents of all that lies between wrt and `of`. With a direction they have the shapes of the
// primals, without one an axis more for every axis of wrt.
TensorId add_tangents(System& system, TensorId of, TensorId wrt, TensorId direction) {
  Context& c = system.context();
  const bool whole = !direction.valid();
  const std::vector<DimId> wrt_dims = whole ? c.tensor(wrt).dims : std::vector<DimId>{};
  TensorSet between = varied_tensors(system, {wrt});
  Varied varied(between);
  System slice = system;
  slice.set_outputs({of});
  slice = reachable(slice);

  std::unordered_map<TensorId, TensorId> tangent_of;
  auto declare = [&](TensorId primal) {
    const Tensor& p = c.tensor(primal);
    Tensor t{.name = c.unused_name(whole ? "d_" + p.name + "_" + c.tensor(wrt).name : "t_" + p.name),
             .role = Role::tangent,
             .dims = p.dims,
             .of = primal,
             .wrt = wrt};
    t.dims.insert(t.dims.end(), wrt_dims.begin(), wrt_dims.end());
    return c.add_tensor(std::move(t));
  };
  if (!between.contains(of)) {
    const TensorId zero = declare(of);
    system.add({zero, Define{c.real(0)}, {{}, "no dependence"}});
    return zero;
  }
  for (const Definition& d : slice.definitions())
    if (between.contains(d.tensor) && d.tensor != wrt) tangent_of[d.tensor] = declare(d.tensor);
  if (of == wrt) tangent_of[of] = declare(of);

  std::size_t rank = 0;  // of the primal being differentiated: wrt's axes come after its own
  const std::function<Expr(Expr)> of_access = [&](Expr access) {
    if (access->tensor == wrt)
      return whole ? kronecker(c, access, rank, wrt_dims) : c.access(direction, access->arguments());
    std::vector<Expr> subscripts(access->arguments().begin(), access->arguments().end());
    for (std::size_t a = 0; a < wrt_dims.size(); ++a)
      subscripts.push_back(c.position(Index::slot(static_cast<std::int32_t>(rank + a), wrt_dims[a])));
    return c.access(tangent_of.at(access->tensor), subscripts);
  };
  if (of == wrt) {
    rank = c.tensor(of).rank();
    system.add({tangent_of.at(of), Define{of_access(c.access_by_slots(of))}, {{}, "derivative of itself"}});
    return tangent_of.at(of);
  }
  for (const Definition& d : slice.definitions()) {
    auto found = tangent_of.find(d.tensor);
    if (found == tangent_of.end()) continue;
    rank = c.tensor(d.tensor).rank();
    const Expr value = tangent(d.define()->value, of_access, varied);
    std::vector<std::string> names = d.index_names;
    names.resize(rank);
    if (const Definition* given = whole ? system.find(wrt) : nullptr)
      names.insert(names.end(), given->index_names.begin(), given->index_names.end());
    names.resize(c.tensor(found->second).rank());
    system.add({found->second,
                Define{structural::number(c, value)},
                {d.origin.range, "chain rule"},
                std::move(names)});
  }
  return tangent_of.at(of);
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

TensorId add_jacobian(System& system, TensorId of, TensorId wrt) { return add_tangents(system, of, wrt, {}); }

TensorId add_tangent(System& system, TensorId of, TensorId wrt, TensorId direction) {
  return add_tangents(system, of, wrt, direction);
}

TensorId add_hessian(System& system, TensorId of, TensorId a, TensorId b) {
  const TensorId first = add_adjoints(system, of, std::span<const TensorId>(&a, 1))[0];
  return add_jacobian(system, first, b);
}

TensorId add_hessian_product(System& system, TensorId of, TensorId wrt, TensorId direction) {
  const TensorId first = add_adjoints(system, of, std::span<const TensorId>(&wrt, 1))[0];
  return add_tangent(system, first, wrt, direction);
}

}  // namespace gradc
