// Reductions as loops inside an element: the innermost in lanes, if nothing around it is.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <limits>

#include "compiler/equations/walk.h"
#include "compiler/kernel/expression.h"
#include "compiler/kernel/lanes.h"
#include "compiler/kernel/unroll.h"
#include "compiler/operators/affine.h"
#include "compiler/operators/build.h"
#include "compiler/support/check.h"

namespace gradc::kernel {

namespace {

std::optional<Combine> combine_of(const ReductionOperator& op) {
  if (&op == &reduce_sum || &op == &reduce_integer_sum) return Combine::add;
  if (&op == &reduce_prod || op.name == "integer_prod") return Combine::mul;
  if (&op == &reduce_max || &op == &reduce_integer_max) return Combine::max;
  if (&op == &reduce_min || &op == &reduce_integer_min) return Combine::min;
  if (&op == &reduce_any) return Combine::any;
  if (&op == &reduce_all) return Combine::all;
  return std::nullopt;
}

constexpr double infinity = std::numeric_limits<double>::infinity();

// A condition of its guard on the last binder that holds up to some position and no further.
Expr steps_of(const Context& c, const OpenedReduction& o) {
  const Index last = o.binders.back().index;
  for (Expr part : conjuncts(o.guard)) {
    // k <= n, k < n, where the data say what n is.
    if ((part->is(op_less_equal) || part->is(op_less)) && part->operands[1]->kind == ExprKind::access &&
        offset_from(part->operands[0], last) && !part->operands[1]->depends_on(last))
      return part;
    if (part->kind != ExprKind::access || !c.tensor(part->tensor).counted_by.valid()) continue;
    const auto at = part->arguments();
    if (offset_from(at.back(), last) &&
        std::ranges::none_of(at.first(at.size() - 1), [&](Expr s) { return s->depends_on(last); }))
      return part;
  }
  return {};
}

}  // namespace

// One for all lanes: a loop ends for all of them.
Expr ExpressionWriter::common_steps(const OpenedReduction& o) const {
  const Expr steps = steps_of(c_, o);
  const bool common = !lane_.valid() || !steps || std::ranges::all_of(steps->free, [&](Index index) {
    return index == o.binders.back().index || indices_.at(index) != lane_;
  });
  return common ? steps : Expr{};
}

int ExpressionWriter::lanes_of(const OpenedReduction& o) const {
  if (lane_.valid()) return 1;
  const Index index = o.binders.back().index;
  if (o.op->term != Type::real) return 1;
  for (Expr e : reachable_nodes(o.body))
    if (e->kind == ExprKind::reduce)
      for (std::size_t k = 0; k < e->binders.size(); ++k)
        if (e->lower(k)->depends_on(index) || e->upper(k)->depends_on(index)) return 1;
  if (index.dim.valid())
    if (const auto length = extents_.known(index.dim); length && *length < 4) return 1;
  return width_;
}

Value ExpressionWriter::reduction(Expr e, Value path) {
  const OpenedReduction o = open(e);
  if (o.op == &reduce_logsumexp) return log_sum_exp(e, path);
  if (o.op == &reduce_argmax || o.op == &reduce_argmin)
    return position_of_best(o, o.op == &reduce_argmax, path);
  const std::optional<Combine> how = combine_of(*o.op);
  GRADC_CHECK(how, "no loop for the reduction " + std::string(o.op->name));
  const Scalar type = o.op->term == Type::real      ? real_
                      : o.op->term == Type::integer ? Scalar::i64
                                                    : Scalar::boolean;
  if ((lane_.valid() || o.binders.size() == 1) && is_written_out(extents_, o))
    return written_out(o, 0, {}, path);
  const Value result = nest(o, 0, *how, type, path, [](Expr body) { return body; });
  if (o.op != &reduce_integer_max && o.op != &reduce_integer_min) return result;
  // Of nothing, 0.
  const Value empty = b_.compute(Op::equal, {result, b_.identity(*how, type)});
  return b_.compute(Op::select, {empty, b_.integer(0), result});
}

// Term after term, the indices known numbers. `sum`: what stands before; not valid: nothing.
Value ExpressionWriter::written_out(const OpenedReduction& o, std::size_t k, Value sum, Value path) {
  if (k < o.binders.size()) {
    const Index index = o.binders[k].index;
    open_range(o.binders[k]);
    for (std::int64_t at = 0; at < *extents_.known(index.dim); ++at) {
      bind(index, b_.integer(at));
      memos_.emplace_back();
      sum = written_out(o, k + 1, sum, path);
      memos_.pop_back();
    }
    return sum.valid() || k > 0 ? sum : b_.real(0, real_);
  }
  note(o.guard);
  note(o.body);
  const Value guard = o.guard->is_constant(1) ? Value{} : evaluate(o.guard, path);
  const Constant* known_guard = guard.valid() ? b_.constant(guard) : nullptr;
  if (known_guard && !known_guard->bits) return sum;
  const Term t = term(o.body, b_.both(path, guard));
  Value with = t.first;
  if (sum.valid())
    with =
        t.second.valid() ? b_.compute(Op::fma, {t.first, t.second, sum}) : b_.compute(Op::add, {sum, with});
  else if (t.second.valid())
    with = b_.compute(Op::mul, {t.first, t.second});
  if (!guard.valid() || known_guard) return with;
  return b_.compute(Op::select, {guard, with, sum.valid() ? sum : b_.real(0, real_)});
}

// A power of sizes may be beyond 64 bits, which is looked at before the call begins.
Value ExpressionWriter::end_of_range(Expr end, Value path) {
  bool of_sizes = true, power = false;
  for (Expr e : reachable_nodes(end)) {
    of_sizes = of_sizes && (e->kind == ExprKind::size || e->kind == ExprKind::apply || e->is_constant());
    power = power || is_integer_power(e);
  }
  if (!of_sizes || !power) {
    if (magnitudes_.is_wide(end)) check_width(end, path);
    return evaluate(end, path);
  }
  const SizeId size = extents_.of(end);
  const std::optional<std::int64_t> known = extents_.known(size);
  return known ? b_.integer(*known) : b_.size(size);
}

Value ExpressionWriter::nest(const OpenedReduction& o, std::size_t k, Combine how, Scalar type, Value path,
                             const std::function<Expr(Expr)>& body) {
  const Binder& binder = o.binders[k];
  const bool last = k + 1 == o.binders.size();
  const Expr steps = last ? common_steps(o) : Expr{};
  const int lanes = last && !steps ? lanes_of(o) : 1;
  const Value lower = end_of_range(binder.lower, path), upper = end_of_range(binder.upper, path);
  open_range(binder);
  const Value index = b_.begin_for(lower, upper, lanes);
  bind(binder.index, index);
  memos_.emplace_back();
  const Value outer = lane_;
  if (lanes > 1) lane_ = index;
  const Value nothing = b_.identity(how, type);
  Value result;
  if (!last) {
    const Value inner = nest(o, k + 1, how, type, path, body);
    result = b_.reduce(how, nothing, inner);
  } else {
    note(o.guard);
    note(o.body);
    const Value guard = o.guard->is_constant(1) ? Value{} : evaluate(o.guard, path);
    // Once they fail, from the first on, they hold no more.
    if (steps) {
      // (Before the first step there may be none.)
      Value first;
      if (steps->kind == ExprKind::access)
        first = b_.compute(Op::less_equal, {b_.integer(0), evaluate(steps->arguments().back(), path)});
      b_.stop(b_.both(first, b_.compute(Op::bit_not, {evaluate(steps, path)})));
    }
    const Expr of = body(o.body);
    if (guard.valid() && !lane_.valid() && has_reductions(of)) {
      b_.begin_if(guard);
      memos_.emplace_back();
      const Value inner = evaluate(of, path);
      memos_.pop_back();
      b_.begin_else();
      const Value merged = b_.merge(inner, nothing);
      b_.end_if();
      result = b_.reduce(how, nothing, merged, guard);
    } else {
      const Value inside = b_.both(path, guard);
      const Term t = how == Combine::add && type == real_ ? term(of, inside) : Term{evaluate(of, inside), {}};
      result = b_.reduce(how, nothing, t.first, guard, t.second);
    }
  }
  lane_ = outer;
  memos_.pop_back();
  b_.end_for();
  return result;
}

// m + log Σ exp(x − m), with m the greatest; an infinite m is the value itself.
Value ExpressionWriter::log_sum_exp(Expr e, Value path) {
  const Value greatest = nest(open(e), 0, Combine::max, real_, path, [](Expr body) { return body; });
  // The greatest as a placeholder that the body may subtract.
  const TensorId placeholder = c_.add_tensor({.name = c_.unused_name("greatest")});
  keep(placeholder, {}, greatest);
  const Expr m = c_.access(placeholder);
  const Value sum = nest(open(e), 0, Combine::add, real_, path, [&](Expr body) { return exp(body - m); });
  const TensorId total = c_.add_tensor({.name = c_.unused_name("total")});
  keep(total, {}, sum);
  const Value regular = evaluate(m + log(c_.access(total)), path);
  const Value size = b_.compute(Op::abs, {greatest});
  const Value infinite = b_.compute(Op::equal, {size, b_.real(infinity, real_)});
  return b_.compute(Op::select, {infinite, greatest, regular});
}

// The first of the best; a NaN is best of all. Position among the terms, −1 of none.
Value ExpressionWriter::position_of_best(const OpenedReduction& o, bool greatest, Value path) {
  GRADC_CHECK(o.binders.size() == 1, "a position among several indices");
  const Binder& binder = o.binders[0];
  const Value lower = end_of_range(binder.lower, path), upper = end_of_range(binder.upper, path);
  open_range(binder);
  const Value none = b_.integer(-1), worst = b_.real(greatest ? -infinity : infinity, real_);
  const Value index = b_.begin_for(lower, upper, 1);
  bind(binder.index, index);
  memos_.emplace_back();
  const Value best = b_.carry(worst), at = b_.carry(none);
  const Value x = evaluate(o.body, path);
  const Value first = b_.compute(Op::less, {at, b_.integer(0)});
  const Value better = greatest ? b_.compute(Op::less, {best, x}) : b_.compute(Op::less, {x, best});
  const Value x_is_nan = b_.compute(Op::not_equal, {x, x}),
              best_is_nan = b_.compute(Op::not_equal, {best, best});
  const Value replace =
      b_.compute(Op::bit_or, {first, b_.compute(Op::bit_and, {b_.compute(Op::bit_not, {best_is_nan}),
                                                              b_.compute(Op::bit_or, {better, x_is_nan})})});
  b_.next(best, b_.compute(Op::select, {replace, x, best}));
  b_.next(at, b_.compute(Op::select, {replace, b_.compute(Op::sub, {index, lower}), at}));
  const Value result = b_.carried_result(at);
  memos_.pop_back();
  b_.end_for();
  return result;
}

}  // namespace gradc::kernel
