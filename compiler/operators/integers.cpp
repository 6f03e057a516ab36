// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/integers.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"

namespace gradc {
namespace {

constexpr double endless = std::numeric_limits<double>::infinity();
constexpr double run_time_size = 0x1p30;

// Children before parents; of reductions not what is inside.
std::vector<Expr> nodes_around(Expr root) {
  std::vector<Expr> result, stack{root};
  std::set<Expr> open, done;
  while (!stack.empty()) {
    const Expr e = stack.back();
    if (e->kind != ExprKind::reduce && open.insert(e).second) {
      stack.insert(stack.end(), e->operands.begin(), e->operands.end());
      continue;
    }
    stack.pop_back();
    if (done.insert(e).second) result.push_back(e);
  }
  return result;
}

}  // namespace

std::optional<std::int64_t> exact_integer(const Operator& op, const std::int64_t* x) {
  std::int64_t result = 0;
  if (&op == &op_add)
    return __builtin_add_overflow(x[0], x[1], &result) ? std::nullopt : std::optional(result);
  if (&op == &op_sub)
    return __builtin_sub_overflow(x[0], x[1], &result) ? std::nullopt : std::optional(result);
  if (&op == &op_mul)
    return __builtin_mul_overflow(x[0], x[1], &result) ? std::nullopt : std::optional(result);
  if (op.id == "integer_pow") {
    const auto exact = power(Rational(x[0]), x[1]);
    return exact && exact->is_integer() ? exact->to_int64() : std::nullopt;
  }
  const bool divides = &op == &op_floor_div || &op == &op_mod || &op == &op_exact_div;
  if (divides && (x[1] == 0 || (&op == &op_exact_div && x[0] % x[1] != 0))) return std::nullopt;
  if (!op.evaluate_integer) return std::nullopt;
  return op.evaluate_integer(x);
}

bool is_integer_power(Expr e) { return e->kind == ExprKind::apply && e->op->id == "integer_pow"; }

bool wraps_around(Expr e) {
  return e->is(op_add) || e->is(op_sub) || e->is(op_mul) || e->is(op_neg) || is_integer_power(e);
}

void Magnitudes::add(const Binder& binder) {
  ranges_.insert_or_assign(binder.index, std::pair(binder.lower, binder.upper));
  known_.clear();
}

double Magnitudes::of_size(DimId dim, const Context& c) {
  const Expr size = c.dim(dim).size;
  if (c.dim(dim).kind == Dim::Kind::run_time || !size) return run_time_size;
  const double most = of(size);  // as deep as sizes are nested
  return size->is_constant() ? most : std::min(most, run_time_size);
}

double Magnitudes::of_index(const Index& index, const Context& c) {
  const auto range = ranges_.find(index);
  if (range != ranges_.end()) return std::max(of(range->second.first), of(range->second.second));
  return index.dim.valid() ? of_size(index.dim, c) : endless;
}

double Magnitudes::of(Expr root) {
  const Context& c = *root->context;
  for (Expr e : reachable_nodes(root)) {
    if (e->type != Type::integer || known_.contains(e)) continue;
    const auto part = [&](std::size_t k) { return known_.at(e->operands[k]); };
    double most = endless;
    if (e->is_constant()) {
      most = std::abs(e->value->to_double());
    } else if (e->kind == ExprKind::position) {
      most = of_index(e->index, c);
    } else if (e->kind == ExprKind::size) {
      most = of_size(e->dim, c);
    } else if (e->kind == ExprKind::access) {
      const Tensor& t = c.tensor(e->tensor);
      most = t.member_of.valid() ? of_size(t.member_of, c) : t.wide ? of_arithmetic / 2 : of_memory;
    } else if (e->kind == ExprKind::choose) {
      most = std::max(known_.at(e->on_true()), known_.at(e->on_false()));
    } else if (e->kind == ExprKind::reduce) {
      most = of_reduction(open(e));
    } else if (e->is(op_add) || e->is(op_sub)) {
      most = part(0) + part(1);
    } else if (e->is(op_mul)) {
      most = part(0) * part(1);
    } else if (is_integer_power(e)) {
      // Of an exponent that only the data tell: sets by their bits, which are counted by a size.
      most = part(1) >= run_time_size ? run_time_size : std::pow(std::max(part(0), 1.0), part(1));
    } else if (e->kind == ExprKind::apply) {
      most = 1;  // none of the others yields more than what it is given
      for (Expr operand : e->operands)
        if (operand->type == Type::integer) most = std::max(most, known_.at(operand));
      if (e->op->typing == Typing::integer)
        most = std::min(most, of_arithmetic / 2);  // who takes more is refused
    }
    known_[e] = std::isnan(most) ? endless : most;  // 0 times what has no end
  }
  return known_.at(root);
}

double Magnitudes::of_reduction(const OpenedReduction& o) {
  Magnitudes inside = *this;
  double count = 1;
  for (const Binder& b : o.binders) {
    count *= inside.of(b.upper) + inside.of(b.lower);
    inside.add(b);
  }
  if (o.op == &reduce_integer_sum) return count * inside.of(o.body);
  if (o.op == &reduce_integer_max || o.op == &reduce_integer_min) return inside.of(o.body);
  return std::min(count, of_arithmetic / 2);  // the place of a greatest
}

bool Magnitudes::is_wide(Expr e) {
  if (e->type != Type::integer || e->kind == ExprKind::position || e->kind == ExprKind::size ||
      e->kind == ExprKind::access)
    return false;
  const auto is_known = [&](const Index& i) { return i.dim.valid() || ranges_.contains(i); };
  return std::ranges::all_of(e->free, is_known) && of(e) >= of_arithmetic;
}

Expr Magnitudes::real(Expr root) {
  std::map<Expr, Expr> reals;
  for (Expr e : reachable_nodes(root))
    if (e->type == Type::integer) reals[e] = of(e) < of_arithmetic ? to_real(e) : in_reals(e, reals);
  return reals.at(root);
}

Expr Magnitudes::in_reals(Expr e, const std::map<Expr, Expr>& reals) {
  Context& c = *e->context;
  if (e->is_constant()) return c.real(*e->value);
  if (e->kind == ExprKind::choose)
    return choose(e->condition(), reals.at(e->on_true()), reals.at(e->on_false()));
  if (e->kind == ExprKind::reduce) {
    const ReductionOperator* of_reals = e->reduction == &reduce_integer_sum   ? &reduce_sum
                                        : e->reduction == &reduce_integer_max ? &reduce_max
                                        : e->reduction == &reduce_integer_min ? &reduce_min
                                                                              : nullptr;
    if (!of_reals) return to_real(e);
    const OpenedReduction o = open(e);
    Magnitudes inside = *this;
    for (const Binder& b : o.binders) inside.add(b);
    return c.reduce(*of_reals, o.binders, o.guard, inside.real(o.body));
  }
  if (is_integer_power(e)) {
    const Expr exponent = e->operands[1];
    return pow(reals.at(e->operands[0]),
               exponent->is_constant() ? c.real(*exponent->value) : reals.at(exponent));
  }
  if (e->kind != ExprKind::apply || e->op->typing != Typing::arithmetic) return to_real(e);
  std::vector<Expr> operands;
  for (Expr operand : e->operands) operands.push_back(reals.at(operand));
  return c.apply(*e->op, operands);
}

Expr Magnitudes::without_overflow(Expr root) {
  std::map<Expr, Expr> now;
  for (Expr e : nodes_around(root)) {
    if (e->kind == ExprKind::reduce) {
      OpenedReduction o = open(e);
      Magnitudes inside = *this;
      for (Binder& b : o.binders) {
        b.lower = inside.without_overflow(b.lower), b.upper = inside.without_overflow(b.upper);
        inside.add(b);
      }
      o.guard = inside.without_overflow(o.guard);
      o.body = inside.without_overflow(o.body);
      now[e] = close(*e->context, o);
      continue;
    }
    std::vector<Expr> operands;
    for (Expr operand : e->operands) operands.push_back(now.at(operand));
    now[e] = e->is(op_to_real) ? real(operands[0]) : with_operands(e, operands);
  }
  return now.at(root);
}

}  // namespace gradc
