// Building derivatives without structural zeros and ones: a null Expr is "no contribution at all", which is
// not the number 0 (0 times an infinite factor would be NaN; no contribution stays none).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "compiler/operators/build.h"

namespace gradc::structural {

inline bool is_zero(Expr e) { return !e || e->is_constant(0); }

inline Expr times(Expr a, Expr b) {
  if (is_zero(a) || is_zero(b)) return Expr();
  if (a->is_constant(1)) return b;
  if (b->is_constant(1)) return a;
  // 5·(3·x²) is 15·x²: a derivative in the language stands in the user's equation, which keeps its numbers.
  if (a->is_constant() && b->is(op_mul) && b->operands[0]->is_constant())
    if (const auto number = a->context->real(*a->value * *b->operands[0]->value); !number->is_constant(1))
      return number * b->operands[1];
  return a * b;
}

inline Expr plus(Expr a, Expr b) {
  if (is_zero(a)) return is_zero(b) ? Expr() : b;
  if (is_zero(b)) return a;
  return a + b;
}

inline Expr choose(Expr condition, Expr on_true, Expr on_false) {
  if (is_zero(on_true) && is_zero(on_false)) return Expr();
  Context& c = *condition->context;
  return c.choose(condition, on_true ? on_true : c.real(0), on_false ? on_false : c.real(0));
}

inline Expr number(Context& c, Expr e) { return e ? e : c.real(0); }

inline bool is_true(Expr condition) { return condition->is_constant(1); }

}  // namespace gradc::structural
