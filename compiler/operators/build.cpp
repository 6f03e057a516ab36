// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/build.h"

#include <algorithm>

#include "compiler/equations/walk.h"
#include "compiler/support/check.h"

namespace gradc {
namespace {

Expr binary(const Operator& op, Expr a, Expr b) { return a->context->apply(op, {a, b}); }
Expr unary(const Operator& op, Expr x) { return x->context->apply(op, {x}); }
Expr literal_like(Expr other, Rational value) {
  return other->context->constant(std::move(value), other->type);
}

}  // namespace

Expr operator+(Expr a, Expr b) { return binary(op_add, a, b); }
Expr operator-(Expr a, Expr b) { return binary(op_sub, a, b); }
Expr operator*(Expr a, Expr b) { return binary(op_mul, a, b); }
Expr operator/(Expr a, Expr b) { return binary(op_div, a, b); }
Expr operator-(Expr a) { return unary(op_neg, a); }

Expr operator+(Expr a, Rational b) { return a + literal_like(a, std::move(b)); }
Expr operator-(Expr a, Rational b) { return a - literal_like(a, std::move(b)); }
Expr operator*(Expr a, Rational b) { return a * literal_like(a, std::move(b)); }
Expr operator/(Expr a, Rational b) { return a / literal_like(a, std::move(b)); }
Expr operator+(Rational a, Expr b) { return literal_like(b, std::move(a)) + b; }
Expr operator-(Rational a, Expr b) { return literal_like(b, std::move(a)) - b; }
Expr operator*(Rational a, Expr b) { return literal_like(b, std::move(a)) * b; }
Expr operator/(Rational a, Expr b) { return literal_like(b, std::move(a)) / b; }

Expr pow(Expr base, Expr exponent) { return binary(op_pow, base, exponent); }
Expr pow(Expr base, Rational exponent) { return pow(base, literal_like(base, std::move(exponent))); }
Expr exp(Expr x) { return unary(op_exp, x); }
Expr log(Expr x) { return unary(op_log, x); }
Expr sqrt(Expr x) { return unary(op_sqrt, x); }
Expr abs(Expr x) { return unary(op_abs, x); }
Expr sign(Expr x) { return unary(op_sign, x); }
Expr sigmoid(Expr x) { return unary(op_sigmoid, x); }
Expr tanh(Expr x) { return unary(op_tanh, x); }

Expr equal(Expr a, Expr b) { return binary(op_equal, a, b); }
Expr not_equal(Expr a, Expr b) { return binary(op_not_equal, a, b); }
Expr less(Expr a, Expr b) { return binary(op_less, a, b); }
Expr less_equal(Expr a, Expr b) { return binary(op_less_equal, a, b); }
Expr both(Expr a, Expr b) { return binary(op_and, a, b); }
Expr either(Expr a, Expr b) { return binary(op_or, a, b); }
Expr negate(Expr a) { return unary(op_not, a); }
std::vector<Expr> conjuncts(Expr condition) {
  std::vector<Expr> parts, stack{condition};
  while (!stack.empty()) {
    const Expr e = stack.back();
    stack.pop_back();
    if (e->is(op_and)) {
      stack.push_back(e->operands[1]);
      stack.push_back(e->operands[0]);
    } else if (!e->is_constant(1) && std::ranges::find(parts, e) == parts.end()) {
      parts.push_back(e);
    }
  }
  return parts;
}

Expr conjunction(Context& c, std::span<const Expr> parts) {
  Expr all;
  for (Expr part : parts) all = all ? both(all, part) : part;
  return all ? all : c.boolean(true);
}

Expr choose(Expr condition, Expr on_true, Expr on_false) {
  return condition->context->choose(condition, on_true, on_false);
}
Expr floor_div(Expr a, Expr b) { return binary(op_floor_div, a, b); }
Expr mod(Expr a, Expr b) { return binary(op_mod, a, b); }
Expr to_real(Expr integer) { return unary(op_to_real, integer); }

Expr sum(std::span<const Binder> binders, Expr guard, Expr body) {
  GRADC_CHECK(body->type != Type::boolean, "a sum of conditions");
  const ReductionOperator& op = body->type == Type::integer ? reduce_integer_sum : reduce_sum;
  return body->context->reduce(op, binders, guard, body);
}
Expr sum(std::initializer_list<Binder> binders, Expr body) {
  return sum(std::span<const Binder>(binders.begin(), binders.size()), body->context->boolean(true), body);
}

DimId batch_dim(Context& context) {
  for (std::size_t k = 0; k < context.dim_count(); ++k)
    if (const DimId id{static_cast<std::int32_t>(k)}; context.dim(id).is_batch) return id;
  return context.add_dim({.name = "batch", .kind = Dim::Kind::run_time, .is_batch = true});
}

bool is_ragged(const Context& context, DimId dim) {
  const Dim& d = context.dim(dim);
  if (d.kind != Dim::Kind::computed) return d.kind == Dim::Kind::run_time && d.is_sequence;
  return std::ranges::any_of(reachable_nodes(d.size), [&](Expr e) {
    return e->kind == ExprKind::size && is_ragged(context, e->dim);
  });
}

}  // namespace gradc
