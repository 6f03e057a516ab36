// Derivatives that a function states itself (`deriv x: …`), until all differentiation is done:
//   f(x) = stated(body(held(x, n)), Σₖ carried(xₖ, dₖ), n)
// has the body's value, and by xₖ the derivative dₖ, which is an expression like any other, so that higher
// orders differentiate it. n says which `stated` holds what. Equations of the body that read xₖ are copied,
// and the copies read held(xₖ, n) (Tensor::held_of). Behind differentiation all this is the body (the
// simplifier's rules, without_stated). SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/stated.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/arithmetic.h"

namespace gradc {

namespace {
constexpr auto first = []<class T>(const T* x) -> T { return x[0]; };
constexpr auto nothing = []<class T>(const T*) -> T { return T(0); };
constexpr Sample first_samples[] = {{{0.5, 2, 1}, 0.5}};
constexpr Sample zero_samples[] = {{{0.5, 2}, 0}};

constexpr Sample held_samples[] = {{{0.5, 1}, 0.5}};

recipe::Lanes first_of_three(recipe::Lanes a, recipe::Lanes, recipe::Lanes) { return a; }
recipe::Lanes first_of_two(recipe::Lanes a, recipe::Lanes) { return a; }
recipe::Lanes zero(recipe::Lanes a, recipe::Lanes) { return a.constant(0); }
}  // namespace

// The first operand; the derivatives of this and the second. The third is its number.
OPERATOR(stated) = {
    .id = "stated",
    .arity = 3,
    .text = call_form("stated(#1, #2, #3)"),
    .latex = call_form(R"(\operatorname{stated}\left(#1,#2,#3\right))"),
    .partial = [](Context& c, int, Args, Expr) { return c.real(1); },
    .evaluate = first,
    .evaluate_precise = first,
    .emit = recipe::emits<first_of_three>,
    .ulp = 0,
    .samples = first_samples,
};

// 0; by the first operand its derivative is the second.
OPERATOR(carried) = {
    .id = "carried",
    .arity = 2,
    .text = call_form("carried(#1, #2)"),
    .latex = call_form(R"(\operatorname{carried}\left(#1,#2\right))"),
    .partial = [](Context& c, int i, Args x, Expr) { return i == 0 ? x[1] : c.real(0); },
    .evaluate = nothing,
    .evaluate_precise = nothing,
    .emit = recipe::emits<zero>,
    .ulp = 0,
    .samples = zero_samples,
};

// What `stop` is, but made by the compiler, and gone behind differentiation.
OPERATOR(held) = {
    .id = "held",
    .arity = 2,
    .text = call_form("held(#1, #2)"),
    .latex = call_form(R"(\operatorname{held}\left(#1,#2\right))"),
    .evaluate = first,
    .evaluate_precise = first,
    .emit = recipe::emits<first_of_two>,
    .ulp = 0,
    .samples = held_samples,
};

namespace {

// The numbers of the `stated` around an expression.
using Around = std::set<Expr>;

// What a copy is read for, where not all that it holds is to be held.
TensorId original(Context& c, TensorId t, const Around& around) {
  while (c.tensor(t).held_of.valid() && !around.contains(c.real(c.tensor(t).held_for)))
    t = c.tensor(t).held_of;
  return t;
}

Expr of_original(Expr access, const Around& around) {
  Context& c = *access->context;
  const TensorId t = original(c, access->tensor, around);
  return t == access->tensor ? access : c.access(t, access->arguments());
}

bool holds(Expr e) {
  return e->is(op_held) || (e->kind == ExprKind::access && e->context->tensor(e->tensor).held_of.valid());
}

Expr rebuilt(Expr e, const std::vector<Expr>& operands) {
  Context& c = *e->context;
  if (std::ranges::equal(operands, e->operands)) return e;
  if (e->kind == ExprKind::access) return c.access(e->tensor, operands);
  return e->kind == ExprKind::reduce ? c.with_same_binders(e, operands) : with_operands(e, operands);
}

}  // namespace

Expr without_stated(Expr e) {
  return rewrite(e, [](Expr node) {
    if (node->is(op_stated) || node->is(op_held)) return node->operands[0];
    return node->kind == ExprKind::access ? of_original(node, {}) : node;
  });
}

System without_stated(const System& system) {
  System made(system.context());
  for (Definition definition : system.definitions()) {
    if (Define* define = std::get_if<Define>(&definition.rule)) define->value = without_stated(define->value);
    if (Call* call = std::get_if<Call>(&definition.rule))
      for (TensorId& t : call->arguments) t = original(system.context(), t, {});
    made.add(std::move(definition));
  }
  made.set_outputs(system.outputs());
  return reachable(made);
}

Expr released(Expr root) {
  if (!root || std::ranges::none_of(reachable_nodes(root), holds)) return root;
  using At = std::pair<Around, Expr>;
  std::map<At, Expr> made;
  std::vector<At> open{{{}, root}};
  while (!open.empty()) {
    const auto [around, e] = open.back();
    if (made.contains(open.back())) {
      open.pop_back();
      continue;
    }
    std::vector<Expr> operands;
    const std::size_t before = open.size();
    for (std::size_t k = 0; k < e->operands.size(); ++k) {
      At below{around, e->operands[k]};
      if (e->is(op_stated) && k == 0) below.first.insert(e->operands[2]);
      if (const auto found = made.find(below); found != made.end())
        operands.push_back(found->second);
      else
        open.push_back(std::move(below));
    }
    if (open.size() != before) continue;
    Expr now = e->is(op_held) && !around.contains(e->operands[1]) ? operands[0] : rebuilt(e, operands);
    if (e->kind == ExprKind::access) now = of_original(now, around);
    made.emplace(open.back(), now);
    open.pop_back();
  }
  return made.at({{}, root});
}

Matrix released(Matrix m) {
  m.element = released(m.element);
  return m;
}

}  // namespace gradc
