// Constants in large sums of products, put where they cost least: Σ (x/255)·w = (Σ x·w)/255 behind the sum,
// where the loop that reads it multiplies, or (Σ x·y)/255 = Σ x·(y/255) where y is the smaller matrix. What
// is scaled in its own place would be a copy of a matrix. SPDX-License-Identifier: Apache-2.0 WITH
// LLVM-exception
#include <algorithm>
#include <cmath>

#include "compiler/kernel/fits.h"
#include "compiler/kernel/items.h"
#include "compiler/operators/build.h"

namespace gradc::kernel {

namespace {

// Scales that change no sum of ordinary numbers into one that overflows.
bool is_moderate(const Rational& scale) {
  const double size = std::abs(scale.to_double());
  return size >= 0x1p-10 && size <= 0x1p10;
}

struct Scaled {
  Expr rest;  // null: 1
  Rational scale = 1;
};

// value = scale*rest
Scaled without_scale(Expr value) {
  Scaled result;
  std::vector<Expr> pending{value};
  while (!pending.empty()) {
    const Expr e = pending.back();
    pending.pop_back();
    if (e->is_constant() && is_moderate(*e->value)) {
      result.scale = result.scale * *e->value;
    } else if (e->is(op_neg)) {
      result.scale = -result.scale;
      pending.push_back(e->operands[0]);
    } else if (e->is(op_div) && e->operands[1]->is_constant() && is_moderate(*e->operands[1]->value)) {
      result.scale = result.scale / *e->operands[1]->value;
      pending.push_back(e->operands[0]);
    } else if (e->is(op_mul)) {
      pending.insert(pending.end(), {e->operands[1], e->operands[0]});
    } else {
      result.rest = result.rest ? result.rest * e : e;
    }
  }
  return result;
}

Expr times(Expr value, const Rational& scale) {
  if (scale.is_one()) return value;
  if (scale == Rational(-1)) return -value;
  // A quotient is rounded once, the product with a rounded inverse twice.
  return scale.numerator().is_one() && !scale.is_integer() ? value / scale.denominator() : value * scale;
}

}  // namespace

double ItemMaker::cost_of_operand(const Sides& sides, int side) {
  if (sides.factors[side].size() != 1 || sides.factors[side][0]->kind != ExprKind::access) return 0;
  std::vector<Index> all = sides.slots[side];
  all.insert(all.end(), sides.inner.begin(), sides.inner.end());
  return extents_.estimate(all);
}

Expr ItemMaker::place_scale(Expr value, std::span<const Index> free, bool is_stored) {
  if (value->type != Type::real) return value;
  Scaled outer = without_scale(value);
  if (!outer.rest || outer.rest->kind != ExprKind::reduce) return value;
  OpenedReduction o = open(outer.rest);
  if (o.op != &reduce_sum) return value;
  const Scaled inner = without_scale(o.body);
  const Rational scale = outer.scale * inner.scale;
  if (!inner.rest || scale.is_one() || !is_moderate(scale)) return value;
  o.body = inner.rest;
  const Expr sum = close(c_, o);
  std::vector<Index> slots;
  for (Index i : free) slots.push_back(Index::slot(static_cast<std::int32_t>(slots.size()), i.dim));
  const std::optional<Sides> sides = contraction(open(with_slots(sum, free)), slots);
  if (!sides) return value;
  // A tensor that is nothing but the product takes a loop of its own to be scaled.
  const double least = std::min(cost_of_operand(*sides, 0), cost_of_operand(*sides, 1));
  if (!is_stored || extents_.estimate(slots) < least) return times(sum, scale);
  o.body = c_.real(scale) * o.body;
  return close(c_, o);
}

}  // namespace gradc::kernel
