// Writing expressions in C++ as they are written on paper: `seed * (1 - y * y)`. Nothing is simplified here.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/equations/context.h"
#include "compiler/equations/operator.h"

namespace gradc {

// The entries that passes name. Every other operator is found by its name (table.h).
extern const Operator op_add, op_sub, op_mul, op_div, op_neg, op_pow;  // real or integer; div, pow: real
extern const Operator op_floor_div, op_mod, op_exact_div;  // integer: div, mod, a / that must come out whole
extern const Operator op_converged;  // integer: a count of steps, and whether they have converged
extern const Operator op_equal, op_not_equal, op_less, op_less_equal;  // comparisons
extern const Operator op_and, op_or, op_not;                           // conditions
extern const Operator op_to_real;                                      // integer → real
extern const Operator op_stop;                                         // x, with derivative 0 at every order
extern const Operator op_exp, op_log, op_sqrt, op_abs, op_sign, op_sigmoid, op_tanh, op_max, op_min;
extern const Operator op_pi;  // arity 0

extern const ReductionOperator reduce_sum, reduce_prod, reduce_max, reduce_min, reduce_logsumexp, reduce_any,
    reduce_all, reduce_argmax, reduce_argmin, reduce_integer_sum, reduce_integer_max, reduce_integer_min;

Expr operator+(Expr a, Expr b);
Expr operator-(Expr a, Expr b);
Expr operator*(Expr a, Expr b);
Expr operator/(Expr a, Expr b);
Expr operator-(Expr a);
// Literals take the type of the other side.
Expr operator+(Expr a, Rational b);
Expr operator-(Expr a, Rational b);
Expr operator*(Expr a, Rational b);
Expr operator/(Expr a, Rational b);
Expr operator+(Rational a, Expr b);
Expr operator-(Rational a, Expr b);
Expr operator*(Rational a, Expr b);
Expr operator/(Rational a, Expr b);
Expr pow(Expr base, Expr exponent);
Expr pow(Expr base, Rational exponent);
Expr exp(Expr x);
Expr log(Expr x);
Expr sqrt(Expr x);
Expr abs(Expr x);
Expr sign(Expr x);
Expr sigmoid(Expr x);
Expr tanh(Expr x);

Expr equal(Expr a, Expr b);
Expr not_equal(Expr a, Expr b);
Expr less(Expr a, Expr b);
Expr less_equal(Expr a, Expr b);
Expr both(Expr a, Expr b);    // and
Expr either(Expr a, Expr b);  // or
// The parts of a conjunction, each once and in order; none of `true`. And back again.
std::vector<Expr> conjuncts(Expr condition);
Expr conjunction(Context& context, std::span<const Expr> parts);
Expr negate(Expr a);  // not
Expr choose(Expr condition, Expr on_true, Expr on_false);
Expr floor_div(Expr a, Expr b);
Expr mod(Expr a, Expr b);
Expr to_real(Expr integer);
// The batch of a context: one dim, made when it is first asked for.
DimId batch_dim(Context& context);
// Whether a dim's size differs from example to example: a `seq`, and what is computed from its size.
bool is_ragged(const Context& context, DimId dim);

// Σ over the binders where the guard holds; without a guard, everywhere.
Expr sum(std::span<const Binder> binders, Expr guard, Expr body);
Expr sum(std::initializer_list<Binder> binders, Expr body);

}  // namespace gradc
