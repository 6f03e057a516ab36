// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/expression.h"

#include <algorithm>
#include <limits>

#include "compiler/equations/operator.h"
#include "compiler/equations/walk.h"
#include "compiler/kernel/items.h"
#include "compiler/operators/build.h"
#include "compiler/support/check.h"
#include "runtime/abi.h"

namespace gradc::kernel {

// A recipe of more operations stays one statement, and may become a function that is called.
constexpr std::size_t longest_in_place = 16;

void ExpressionWriter::begin_item(Scalar real, std::vector<const Loop*> loops,
                                  std::vector<std::size_t> depths, std::vector<Value> times) {
  real_ = real;
  emitter_.set_real(real);
  loops_ = std::move(loops);
  depths_ = std::move(depths);
  times_ = std::move(times);
  indices_.clear();
  memos_.assign(1, {});
  uses_.clear();
  sensitive_.clear();
  noted_.clear();
  ranges_ = {};
  magnitudes_ = {};
}

void ExpressionWriter::open_range(const Binder& binder) {
  ranges_.add(binder);
  magnitudes_.add(binder);
}

void ExpressionWriter::note(Expr root) {
  if (!noted_.insert(root).second) return;
  for (Expr e : reachable_nodes(root)) {
    if (e != root && !noted_.insert(e).second) continue;
    bool sensitive = false;
    for (Expr operand : e->operands) {
      ++uses_[operand];
      sensitive = sensitive || sensitive_.contains(operand);
      if (e->kind == ExprKind::access) sensitive = sensitive || depends_on_data(operand);
    }
    sensitive = sensitive || e->is(op_converged);
    for (std::size_t k = 0; k < e->operands.size() && !sensitive; ++k) sensitive = needs_true_integer(e, k);
    if (sensitive) sensitive_.insert(e);
  }
}

const Value* ExpressionWriter::known(Expr e, Value path) const {
  const Key key{e->id, path_of(e, path).id};
  for (auto memo = memos_.rbegin(); memo != memos_.rend(); ++memo)
    if (auto found = memo->find(key); found != memo->end()) return &found->second;
  return nullptr;
}

Value ExpressionWriter::condition(Expr guard) {
  return !guard || guard->is_constant(1) ? Value{} : evaluate(guard);
}

Value ExpressionWriter::evaluate(Expr root, Value path) {
  note(root);
  Stack stack{{root, path}};
  while (!stack.empty()) {
    const auto [e, wanted] = stack.back();
    const Value here = path_of(e, wanted);
    Value result;
    if (!known(e, here)) {
      if (!step(e, here, stack, result)) continue;
      memos_.back().insert_or_assign(Key{e->id, here.id}, result);
    }
    stack.pop_back();
  }
  return *known(root, path);
}

// True if `result` is the value; false if more operands were put on the stack.
bool ExpressionWriter::step(Expr e, Value path, Stack& stack, Value& result) {
  switch (e->kind) {
    case ExprKind::constant: result = constant(e); return true;
    case ExprKind::position: {
      auto found = indices_.find(e->index);
      GRADC_CHECK(found != indices_.end(), "an index without a loop");
      result = found->second;
      return true;
    }
    case ExprKind::size: result = size_of(e->dim); return true;
    case ExprKind::choose: return choice(e, path, stack, result);
    case ExprKind::reduce: result = reduction(e, path); return true;
    case ExprKind::access:
    case ExprKind::apply: break;
  }
  if (const auto done = fused(e, path, stack, result)) return *done;
  if (const auto done = whole_power(e, path, stack, result)) return *done;
  std::vector<Value> values;
  const std::size_t before = stack.size();
  for (Expr operand : e->operands) {
    const Value* value = known(operand, path);
    if (value)
      values.push_back(*value);
    else
      stack.emplace_back(operand, path);
  }
  if (stack.size() != before) return false;
  for (std::size_t k = 0; k < e->operands.size(); ++k)
    if (needs_true_integer(e, k)) check_width(e->operands[k], path);
  if (e->is(op_converged))
    b_.check(b_.both(path, b_.compute(Op::equal, {values[1], b_.integer(0)})), GRADC_NOT_CONVERGED);
  result = e->kind == ExprKind::access ? access(e, std::move(values), path) : apply(e, values);
  return true;
}

Value ExpressionWriter::size_of(DimId dim) {
  const std::optional<std::int64_t> known = extents_.known(dim);
  return known ? b_.integer(*known) : b_.size(extents_.of(dim));
}

Value ExpressionWriter::constant(Expr e) {
  if (e->type == Type::boolean) return b_.boolean(!e->is_constant(0));
  if (e->type == Type::integer) {
    const std::optional<std::int64_t> number = e->value->to_int64();
    return b_.integer(number.value_or(0));  // where it counts, it is refused: check_width
  }
  // Rounded once.
  const Value value = b_.real(
      real_ == Scalar::f32 ? static_cast<double>(e->value->to_float()) : e->value->to_double(), real_);
  emitter_.set_literal(value, *e->value);
  return value;
}

Value ExpressionWriter::apply(Expr e, std::span<const Value> arguments) {
  GRADC_CHECK(e->op->emit, std::string("no recipe for ") + std::string(e->op->id));
  std::vector<EmitValue> x;
  bool reals = e->type == Type::real && !arguments.empty(), literals = false;
  for (Value v : arguments) {
    x.push_back({v.id});
    reals = reals && b_.type(v) == real_;
    literals = literals || emitter_.literal(x.back());
  }
  if (reals && !literals && weight_(e) > longest_in_place) return b_.elementary(*e->op, arguments, real_);
  return {e->op->emit(emitter_, x.data()).id};
}

bool ExpressionWriter::is_single_product(Expr e) const {
  if (!e->is(op_mul) || e->type != Type::real) return false;
  auto uses = uses_.find(e);
  return uses == uses_.end() || uses->second <= 1;
}

// a·b + c, a·b − c and c − a·b with one rounding, where nothing else reads the product. Answers as `step`
// does; nothing where e is no such sum.
std::optional<bool> ExpressionWriter::fused(Expr e, Value path, Stack& stack, Value& result) {
  if (!options_.fma || e->type != Type::real) return std::nullopt;
  if (!e->is(op_add) && !e->is(op_sub)) return std::nullopt;
  const std::size_t which = is_single_product(e->operands[1]) ? 1 : is_single_product(e->operands[0]) ? 0 : 2;
  if (which == 2) return std::nullopt;
  const Expr product = e->operands[which];
  const Expr parts[] = {product->operands[0], product->operands[1], e->operands[1 - which]};
  Value values[3];
  bool ready = true;
  for (int k = 0; k < 3; ++k) {
    const Value* value = known(parts[k], path);
    if (!value)
      stack.emplace_back(parts[k], path), ready = false;
    else
      values[k] = *value;
  }
  if (!ready) return false;
  if (e->is(op_sub)) {
    Value& negative = which == 1 ? values[0] : values[2];
    negative = b_.compute(Op::neg, {negative});
  }
  result = b_.compute(Op::fma, {values[0], values[1], values[2]});
  return true;
}

ExpressionWriter::Term ExpressionWriter::term(Expr e, Value path) {
  note(e);
  if (options_.fma && is_single_product(e) && !known(e, path))
    return {evaluate(e->operands[0], path), evaluate(e->operands[1], path)};
  return {evaluate(e, path), {}};
}

bool ExpressionWriter::choice(Expr e, Value path, Stack& stack, Value& result) {
  const Value* condition = known(e->condition(), path);
  if (!condition) {
    stack.emplace_back(e->condition(), path);
    return false;
  }
  const Value c = *condition;
  if (const Constant* known_condition = b_.constant(c)) {
    const Expr side = known_condition->bits ? e->on_true() : e->on_false();
    const Value* value = known(side, path);
    if (!value) stack.emplace_back(side, path);
    if (value) result = *value;
    return value != nullptr;
  }
  const auto loops = [](Expr side) {
    return std::ranges::any_of(nodes_outside_reductions(side),
                               [](Expr n) { return n->kind == ExprKind::reduce; });
  };
  if (!lane_.valid() && (loops(e->on_true()) || loops(e->on_false()))) {
    result = branch(e, c, path);
    return true;
  }
  const auto side_path = [&](Expr side, bool holds) {
    if (!sensitive_.contains(side)) return Value{};
    return b_.both(path, holds ? c : b_.compute(Op::bit_not, {c}));
  };
  const Value paths[] = {side_path(e->on_true(), true), side_path(e->on_false(), false)};
  const Value *on_true = known(e->on_true(), paths[0]), *on_false = known(e->on_false(), paths[1]);
  if (!on_true) stack.emplace_back(e->on_true(), paths[0]);
  if (!on_false) stack.emplace_back(e->on_false(), paths[1]);
  if (!on_true || !on_false) return false;
  result = b_.compute(Op::select, {c, *on_true, *on_false});
  return true;
}

// Only the side that is taken runs.
Value ExpressionWriter::branch(Expr e, Value condition, Value path) {
  b_.begin_if(condition);
  memos_.emplace_back();
  const Value on_true = evaluate(e->on_true(), path);
  memos_.back().clear();
  b_.begin_else();
  const Value on_false = evaluate(e->on_false(), path);
  memos_.pop_back();
  const Value result = b_.merge(on_true, on_false);
  b_.end_if();
  return result;
}

// What does not wrap around itself takes a wide integer for another number, and so does an exponent.
bool ExpressionWriter::needs_true_integer(Expr e, std::size_t operand) {
  if (e->kind != ExprKind::access && e->kind != ExprKind::apply) return false;
  const bool is_exponent = is_integer_power(e) && operand == 1;
  return (!wraps_around(e) || is_exponent) && magnitudes_.is_wide(e->operands[operand]);
}

void ExpressionWriter::check_width(Expr integer, Value path) {
  const Value size = b_.compute(Op::abs, {evaluate(magnitudes_.real(integer), path)});
  const Value fits = b_.compute(Op::less, {size, b_.real(Magnitudes::of_arithmetic / 2, b_.type(size))});
  b_.check(b_.both(path, b_.compute(Op::bit_not, {fits})), GRADC_OUT_OF_RANGE);
}

void ExpressionWriter::check_stored(Expr integer, Value value, Scalar element) {
  if (integer->type != Type::integer || magnitudes_.of(integer) <= Magnitudes::of_memory) return;
  if (magnitudes_.is_wide(integer)) check_width(integer, {});
  if (element != Scalar::i32) return;
  const auto end = [&](std::int32_t at) { return b_.integer(at); };
  const Value fits = b_.compute(
      Op::bit_and, {b_.compute(Op::less_equal, {end(std::numeric_limits<std::int32_t>::min()), value}),
                    b_.compute(Op::less_equal, {value, end(std::numeric_limits<std::int32_t>::max())})});
  b_.check(b_.compute(Op::bit_not, {fits}), GRADC_OUT_OF_RANGE);
}

// A circle may read through a member only what an iteration before has made: `parent[b] < b`.
void ExpressionWriter::check_fall(Expr e, const std::vector<Value>& at, Value path) {
  for (std::size_t k = 0; k < loops_.size(); ++k) {
    const auto along = loops_[k]->along.find(e->tensor);
    if (along == loops_[k]->along.end() || !depends_on_data(e->arguments()[along->second.axis])) continue;
    const Value made = b_.compute(Op::add, {at[along->second.axis], b_.integer(along->second.shift)});
    const Value before =
        loops_[k]->up ? b_.compute(Op::less, {made, times_[k]}) : b_.compute(Op::less, {times_[k], made});
    b_.check(b_.both(path, b_.compute(Op::bit_not, {before})), GRADC_OUT_OF_RANGE);
  }
}

Value ExpressionWriter::access(Expr e, std::vector<Value> at, Value path) {
  const TensorId id = e->tensor;
  const Tensor& t = c_.tensor(id);
  const auto wanted = [&](Value v) { return t.type == Type::real ? b_.convert(v, real_) : v; };
  if (auto kept = kept_.find(id); kept != kept_.end())
    for (const Kept& k : kept->second)
      if (k.subscripts == at) return wanted(k.value);
  Value mask;
  for (std::size_t axis = 0; axis < at.size(); ++axis) {
    const Expr s = e->arguments()[axis];
    if (ranges_.fits(s, t.dims[axis])) continue;
    const Value size = size_of(t.dims[axis]);
    const Value inside = b_.compute(Op::bit_and, {b_.compute(Op::less_equal, {b_.integer(0), at[axis]}),
                                                  b_.compute(Op::less, {at[axis], size})});
    if (depends_on_data(s)) b_.check(b_.both(path, b_.compute(Op::bit_not, {inside})), GRADC_OUT_OF_RANGE);
    mask = b_.both(mask, inside);
  }
  if (const Constant* always = mask.valid() ? b_.constant(mask) : nullptr) {
    if (!always->bits)
      return t.type == Type::real      ? b_.real(0, real_)
             : t.type == Type::integer ? b_.integer(0)
                                       : b_.boolean(false);
    mask = {};
  }
  check_fall(e, at, path);
  const Stored* stored = storage_.computed(id);
  std::size_t earliest = 0;
  BufferId buffer;
  if (stored) {
    GRADC_CHECK(stored->buffer.valid(), "a tensor is read that is in no memory: " + t.name);
    buffer = stored->buffer;
    at.erase(at.begin(), at.begin() + static_cast<std::ptrdiff_t>(stored->dropped));
    // It is complete in the innermost loop that its maker and this item share.
    const auto shared = std::ranges::mismatch(stored->loops, loops_).in1 - stored->loops.begin();
    earliest = shared == 0 ? 0 : depths_[static_cast<std::size_t>(shared) - 1];
  } else {
    buffer = storage_.argument(id);
  }
  return wanted(b_.load(buffer, storage_.element(id), std::move(at), mask, earliest));
}

void ExpressionWriter::keep(TensorId tensor, std::vector<Value> subscripts, Value value) {
  kept_[tensor].push_back({std::move(subscripts), value});
  kept_order_.push_back(tensor);
}

void ExpressionWriter::forget_kept(std::size_t since) {
  for (; kept_order_.size() > since; kept_order_.pop_back()) kept_[kept_order_.back()].pop_back();
}

}  // namespace gradc::kernel
