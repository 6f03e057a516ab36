// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/operators/build.h"
#include "compiler/simplify/reduction.h"

namespace gradc {

Rewritten rewrite_condition(Expr e, const Ranges& ranges) {
  Context& c = *e->context;
  if (e->kind != ExprKind::apply || e->type != Type::boolean) return {};
  if (e->is(op_and)) {
    for (int k : {0, 1}) {
      if (e->operands[k]->is_constant(1)) return {e->operands[1 - k], "condition-known"};
      if (e->operands[k]->is_constant(0)) return {c.boolean(false), "condition-known"};
    }
    const std::vector<Expr> parts = conjuncts(e);
    if (const Expr shorter = conjunction(c, parts); shorter != e) return {shorter, "condition-twice"};
    return {};
  }
  if (e->is(op_or)) {
    for (int k : {0, 1}) {
      if (e->operands[k]->is_constant(0)) return {e->operands[1 - k], "condition-known"};
      if (e->operands[k]->is_constant(1)) return {c.boolean(true), "condition-known"};
    }
    if (e->operands[0] == e->operands[1]) return {e->operands[0], "condition-twice"};
    return {};
  }
  if (e->operands.empty() || e->operands[0]->type != Type::integer) return {};
  const Expr a = e->operands[0], b = e->operands.size() > 1 ? e->operands[1] : Expr();
  if (!b) return {};
  auto known = [&](bool value) { return Rewritten{c.boolean(value), "condition-known"}; };
  if (e->is(op_equal) || e->is(op_not_equal)) {
    if (ranges.equal(a, b)) return known(e->is(op_equal));
    if (ranges.less(a, b) || ranges.less(b, a)) return known(e->is(op_not_equal));
  }
  if (e->is(op_less)) {
    if (ranges.less(a, b)) return known(true);
    if (ranges.less_equal(b, a)) return known(false);
  }
  if (e->is(op_less_equal)) {
    if (ranges.less_equal(a, b)) return known(true);
    if (ranges.less(b, a)) return known(false);
  }
  return {};
}

}  // namespace gradc
