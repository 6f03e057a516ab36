// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/simplify/fold.h"

#include <algorithm>
#include <optional>

#include "compiler/operators/build.h"

namespace gradc {
namespace {

// Numbers of more digits than this are left to be computed: exact powers grow without bound.
bool printable(const Rational& r) { return r.to_string().size() <= 400; }

std::optional<Rational> arithmetic(Expr e, const Rational& a) {
  if (e->is(op_neg)) return -a;
  if (e->is(op_to_real)) return a;
  if (e->is(op_abs)) return a.sign() < 0 ? -a : a;
  if (e->is(op_sign)) return Rational(a.sign());
  return std::nullopt;
}

std::optional<Rational> arithmetic(Expr e, const Rational& a, const Rational& b) {
  if (e->is(op_add)) return a + b;
  if (e->is(op_sub)) return a - b;
  if (e->is(op_mul)) return a * b;
  if (e->is(op_div) && !b.is_zero()) return a / b;
  if (e->is(op_max)) return std::max(a, b);
  if (e->is(op_min)) return std::min(a, b);
  if (e->is(op_pow))
    if (const auto n = b.to_int64()) return power(a, *n);
  if (e->is(op_exact_div) && !b.is_zero() && (a / b).is_integer()) return a / b;
  if (e->is(op_floor_div) || e->is(op_mod)) {
    const auto x = a.to_int64(), y = b.to_int64();
    if (!x || !y || *y <= 0) return std::nullopt;
    const std::int64_t remainder = ((*x % *y) + *y) % *y;
    return e->is(op_mod) ? Rational(remainder) : Rational((*x - remainder) / *y);
  }
  return std::nullopt;
}

std::optional<bool> truth(Expr e, const Rational& a, const Rational& b) {
  if (e->is(op_equal)) return a == b;
  if (e->is(op_not_equal)) return a != b;
  if (e->is(op_less)) return a < b;
  if (e->is(op_less_equal)) return a <= b;
  if (e->is(op_and)) return !a.is_zero() && !b.is_zero();
  if (e->is(op_or)) return !a.is_zero() || !b.is_zero();
  return std::nullopt;
}

}  // namespace

Expr fold(Expr e) {
  if (e->kind != ExprKind::apply || e->operands.empty()) return e;
  for (Expr operand : e->operands)
    if (!operand->is_constant()) return e;
  Context& c = *e->context;
  const Rational& a = *e->operands[0]->value;
  if (e->operands.size() == 1) {
    if (e->is(op_not)) return c.boolean(a.is_zero());
    if (const auto value = arithmetic(e, a)) return c.constant(*value, e->type);
  }
  if (e->operands.size() == 2) {
    const Rational& b = *e->operands[1]->value;
    if (const auto value = truth(e, a, b)) return c.boolean(*value);
    if (const auto value = arithmetic(e, a, b); value && printable(*value))
      return c.constant(*value, e->type);
  }
  return e;
}

}  // namespace gradc
