// Derivatives that a function states itself (`deriv x: …`), until all differentiation is done:
//   f(x) = stated(body(held(x)), Σₖ carried(xₖ, dₖ))
// has the body's value, and by xₖ the derivative dₖ, which is an expression like any other, so that higher
// orders differentiate it. Behind differentiation this is the body (the simplifier's rules, without_stated).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/stated.h"

#include <algorithm>
#include <unordered_map>

#include "compiler/operators/entry.h"
#include "compiler/operators/recipes/arithmetic.h"

namespace gradc {

namespace {
constexpr auto first = []<class T>(const T* x) -> T { return x[0]; };
constexpr auto nothing = []<class T>(const T*) -> T { return T(0); };
constexpr Sample first_samples[] = {{{0.5, 2}, 0.5}};
constexpr Sample zero_samples[] = {{{0.5, 2}, 0}};

recipe::Lanes first_of(recipe::Lanes a, recipe::Lanes) { return a; }
recipe::Lanes zero(recipe::Lanes a, recipe::Lanes) { return a.constant(0); }
}  // namespace

// The first operand; the derivatives of both.
OPERATOR(stated) = {
    .id = "stated",
    .arity = 2,
    .text = call_form("stated(#1, #2)"),
    .latex = call_form(R"(\operatorname{stated}\left(#1,#2\right))"),
    .partial = [](Context& c, int, Args, Expr) { return c.real(1); },
    .evaluate = first,
    .evaluate_precise = first,
    .emit = recipe::emits<first_of>,
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
    .text = call_form("held(#1)"),
    .latex = call_form(R"(\operatorname{held}\left(#1\right))"),
    .evaluate = first,
    .evaluate_precise = first,
    .emit = recipe::emits<recipe::same>,
    .ulp = 0,
    .samples = first_samples,
};

Expr without_stated(Expr e) {
  return rewrite(e, [](Expr node) {
    if (node->is(op_stated) || node->is(op_held)) return node->operands[0];
    return node;
  });
}

System without_stated(const System& system) {
  System made(system.context());
  for (Definition definition : system.definitions()) {
    if (Define* define = std::get_if<Define>(&definition.rule)) define->value = without_stated(define->value);
    made.add(std::move(definition));
  }
  made.set_outputs(system.outputs());
  return made;
}

Expr released(Expr root) {
  if (!root) return root;
  Context& c = *root->context;
  const std::vector<Expr> nodes = reachable_nodes(root);  // children first
  if (std::ranges::none_of(nodes, [](Expr e) { return e->is(op_held); })) return root;
  std::unordered_map<Expr, Expr> made;
  for (Expr e : nodes) {
    if (e->is(op_stated)) {
      made[e] = e;
      continue;
    }
    std::vector<Expr> operands;
    for (Expr operand : e->operands) operands.push_back(made.at(operand));
    if (e->is(op_held))
      made[e] = operands[0];
    else if (std::ranges::equal(operands, e->operands))
      made[e] = e;
    else
      made[e] = e->kind == ExprKind::reduce ? c.with_same_binders(e, operands) : with_operands(e, operands);
  }
  return made.at(root);
}

}  // namespace gradc
