// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/builder.h"

#include <algorithm>
#include <bit>

#include "compiler/kernel/apart.h"
#include "compiler/kernel/arithmetic.h"
#include "compiler/support/check.h"

namespace gradc::kernel {

namespace {

// The first field of a Key.
enum Kind { constant_kind = 1000, size_kind, call_kind, load_kind, elementary_kind };

}  // namespace

Builder::Builder(Kernel& kernel) : kernel_(kernel) {
  GRADC_CHECK(kernel.types.empty(), "a kernel is built once");
  scopes_.emplace_back();
}

Builder::~Builder() {
  GRADC_CHECK(scopes_.size() == 1, "a loop was begun and not ended");
  kernel_.body = std::move(scopes_[0].block);
}

Value Builder::fresh(Scalar type, std::size_t depth) {
  kernel_.types.push_back(type);
  depths_.push_back(depth);
  return {static_cast<std::int32_t>(kernel_.types.size()) - 1};
}

std::size_t Builder::floor() const {
  for (std::size_t d = scopes_.size(); d-- > 0;)
    if (scopes_[d].is_branch) return d;
  return 0;
}

Value Builder::find(const Key& key) const {
  for (std::size_t d = scopes_.size(); d-- > 0;)
    if (auto found = scopes_[d].known.find(key); found != scopes_[d].known.end()) return found->second;
  return {};
}

template <class Node>
void Builder::append(std::size_t depth, Node node) {
  scopes_[depth].block.push_back({std::move(node)});
  ++statements_;
}

Value Builder::intern(const Key& key, Scalar type, std::size_t depth, auto make) {
  if (const Value known = find(key); known.valid()) return known;
  const Value result = fresh(type, depth);
  append(depth, make(result));
  scopes_[depth].known.emplace(key, result);
  return result;
}

// Constants stand before everything else, even where a branch asks for them.
Value Builder::constant(std::uint64_t bits, Scalar type) {
  const Key key{constant_kind, static_cast<int>(type), std::bit_cast<std::int64_t>(bits), {}};
  return intern(key, type, 0, [&](Value result) {
    constants_.emplace(result.id, Constant{result, bits});
    return Constant{result, bits};
  });
}

const Constant* Builder::constant(Value v) const {
  auto found = constants_.find(v.id);
  return found == constants_.end() ? nullptr : &found->second;
}

Value Builder::real(double value, Scalar type) {
  return constant(MachineValue::real(type, value).bits, type);
}
Value Builder::integer(std::int64_t value, Scalar type) {
  return constant(type == Scalar::i32 ? MachineValue::i32(static_cast<std::int32_t>(value)).bits
                                      : MachineValue::i64(value).bits,
                  type);
}
Value Builder::boolean(bool value) { return constant(value ? 1 : 0, Scalar::boolean); }

Value Builder::size(SizeId size) {
  return intern({size_kind, size.value, 0, {}}, Scalar::i64, 0, [&](Value result) {
    return SizeOf{result, size};
  });
}

Value Builder::compute(Op op, std::span<const Value> x) {
  GRADC_CHECK(static_cast<int>(x.size()) == operand_count(op), "an operation has a wrong number of operands");
  const Scalar operand_type = type(x.back()), type = result_type(op, operand_type);
  const auto is = [&](Value v, std::uint64_t bits) { return constant(v) && constant(v)->bits == bits; };
  std::size_t depth = floor();
  bool all_constant = true;
  for (Value v : x) {
    depth = std::max(depth, this->depth(v));
    all_constant = all_constant && constant(v);
  }
  if (all_constant) {
    std::vector<MachineValue> numbers;
    for (Value v : x) numbers.push_back({this->type(v), constant(v)->bits});
    return constant(evaluate(op, numbers).bits, type);
  }
  if (is_integer(operand_type)) {  // exact
    if (op == Op::add && is(x[1], 0)) return x[0];
    if (op == Op::add && is(x[0], 0)) return x[1];
    if (op == Op::sub && is(x[1], 0)) return x[0];
    if (op == Op::mul && is(x[1], 1)) return x[0];
    if (op == Op::mul && is(x[0], 1)) return x[1];
  }
  // Exact too, and NaNs are one: so sigmoid(x) and sigmoid(-x) share their exp(-|x|).
  if (op == Op::abs || op == Op::neg)
    if (const auto inner = negated_.find(x[0].id); inner != negated_.end())
      return op == Op::neg ? inner->second : compute(Op::abs, {inner->second});
  if (op == Op::select && constant(x[0])) return constant(x[0])->bits ? x[1] : x[2];
  if (op == Op::select && x[1] == x[2]) return x[1];
  if (operand_type == Scalar::boolean && (op == Op::bit_and || op == Op::bit_or))
    for (std::size_t k = 0; k < 2; ++k)
      if (const Constant* c = constant(x[k])) return (c->bits != 0) == (op == Op::bit_and) ? x[1 - k] : x[k];
  Key key{static_cast<int>(op), static_cast<int>(type), 0, {}};
  for (std::size_t k = 0; k < x.size(); ++k) std::get<3>(key)[k] = x[k].id;
  const Value result = intern(key, type, depth, [&](Value made) {
    Compute node{made, op, {}};
    std::ranges::copy(x, node.arguments.begin());
    return node;
  });
  if (op == Op::neg) negated_.emplace(result.id, x[0]);
  return result;
}

Value Builder::convert(Value x, Scalar to) {
  if (type(x) == to) return x;
  if (type(x) == Scalar::i64)
    return compute(to == Scalar::f64 ? Op::integer_to_f64 : Op::integer_to_f32, {x});
  GRADC_CHECK(is_real(type(x)) && is_real(to), "a conversion that the machine does not have");
  return compute(to == Scalar::f64 ? Op::widen : Op::narrow, {x});
}

Value Builder::elementary(const Operator& op, std::span<const Value> x, Scalar real) {
  std::size_t depth = floor();
  Key key{elementary_kind,
          static_cast<int>(real),
          static_cast<std::int64_t>(reinterpret_cast<std::intptr_t>(&op)),
          {-1, -1, -1, -1}};
  Elementary node{{}, &op, {}};
  for (std::size_t k = 0; k < x.size(); ++k) {
    depth = std::max(depth, this->depth(x[k]));
    std::get<3>(key)[k] = x[k].id;
    node.arguments[k] = x[k];
  }
  return intern(key, real, depth, [&](Value result) {
    node.result = result;
    return node;
  });
}

Value Builder::call(std::string_view function, std::span<const Value> x, Value mask, Value otherwise) {
  std::size_t depth = floor();
  for (Value v : x) depth = std::max(depth, this->depth(v));
  for (Value v : {mask, otherwise})
    if (v.valid()) depth = std::max(depth, this->depth(v));
  const auto number =
      functions_.try_emplace(function, static_cast<std::int64_t>(functions_.size())).first->second;
  const Key key{call_kind, 0, number, {x[0].id, x.size() > 1 ? x[1].id : -1, mask.id, otherwise.id}};
  return intern(key, Scalar::f64, depth, [&](Value result) {
    MathCall node{result, function, {}, mask, otherwise};
    std::ranges::copy(x, node.arguments.begin());
    return node;
  });
}

Value Builder::identity(Combine how, Scalar type) { return constant(kernel::identity(how, type).bits, type); }

Value Builder::both(Value a, Value b) {
  if (!a.valid()) return b;
  if (!b.valid()) return a;
  return compute(Op::bit_and, {a, b});
}

Value Builder::load(BufferId buffer, Scalar element, std::vector<Value> subscripts, Value mask,
                    std::size_t earliest) {
  std::size_t depth = std::max(floor(), earliest);
  for (Value v : subscripts) depth = std::max(depth, this->depth(v));
  if (mask.valid()) depth = std::max(depth, this->depth(mask));
  // The subscripts as one value of the key: a chain of pairs, interned like operations.
  std::int64_t chain = 0;
  for (Value v : subscripts)
    chain =
        subscript_lists_.try_emplace({chain, v.id}, static_cast<std::int64_t>(subscript_lists_.size()) + 1)
            .first->second;
  const Scalar register_type = element == Scalar::i32 ? Scalar::i64 : element;
  return intern({load_kind, buffer.value, chain, {mask.id}}, register_type, depth, [&](Value result) {
    return Load{result, buffer, std::move(subscripts), mask};
  });
}

Value Builder::read(BufferId buffer, Scalar element, std::vector<Value> subscripts) {
  const Value result = fresh(element == Scalar::i32 ? Scalar::i64 : element, depth());
  append(depth(), Load{result, buffer, std::move(subscripts), {}});
  return result;
}

void Builder::store(BufferId buffer, std::vector<Value> subscripts, Value value, Value mask) {
  append(depth(), Store{buffer, std::move(subscripts), value, mask});
}
void Builder::accumulate(BufferId buffer, std::vector<Value> subscripts, Value value, Value mask,
                         Value factor) {
  append(depth(), Accumulate{buffer, std::move(subscripts), value, mask, factor});
}
void Builder::zero(BufferId buffer, std::vector<Value> leading) {
  append(depth(), Zero{buffer, std::move(leading)});
}
void Builder::check(Value failed, std::int32_t status) {
  if (const Constant* c = constant(failed); c && !c->bits) return;
  append(depth(), Check{failed, status});
}
void Builder::multiply(Gemm gemm) { append(depth(), std::move(gemm)); }

Value Builder::begin_for(Value lower, Value upper, int lanes) {
  Scope& scope = scopes_.emplace_back();
  const Value index = fresh(Scalar::i64, depth());
  scope.loop.index = index;
  scope.loop.lower = lower;
  scope.loop.upper = upper;
  scope.loop.lanes = lanes;
  return index;
}

Value Builder::carry(Value initial) {
  For& loop = scopes_.back().loop;
  const Scalar t = type(initial);
  const Value inside = fresh(t, depth()), result = fresh(t, depth() - 1);
  loop.carried.push_back({initial, inside, {}, result});
  return inside;
}

void Builder::next(Value inside, Value next) {
  for (For::Carried& c : scopes_.back().loop.carried)
    if (c.inside == inside) c.next = next;
}

Value Builder::carried_result(Value inside) const {
  for (const For::Carried& c : scopes_.back().loop.carried)
    if (c.inside == inside) return c.result;
  GRADC_UNREACHABLE("a value that the innermost loop does not carry");
}

Value Builder::reduce(Combine how, Value initial, Value term, Value mask, Value factor) {
  const Value result = fresh(type(term), depth() - 1);
  scopes_.back().loop.reductions.push_back({how, initial, term, mask, result, factor});
  return result;
}

void Builder::stop(Value holds) { scopes_.back().loop.stop = holds; }

void Builder::end_for() {
  Scope scope = std::move(scopes_.back());
  scopes_.pop_back();
  scope.loop.body = std::move(scope.block);
  if (scope.loop.lanes > 1 && !pays_in_lanes(scope.loop)) scope.loop.lanes = 1;
  append(depth(), std::move(scope.loop));
}

void Builder::begin_if(Value condition) {
  Scope& scope = scopes_.emplace_back();
  scope.is_branch = true;
  scope.branch.condition = condition;
}

void Builder::begin_else() {
  Scope& scope = scopes_.back();
  scope.branch.then = std::move(scope.block);
  scope.block.clear();
  scope.known.clear();
  scope.has_else = true;
}

Value Builder::merge(Value then, Value otherwise) {
  const Value result = fresh(type(then), depth() - 1);
  scopes_.back().branch.merged.push_back({then, otherwise, result});
  return result;
}

void Builder::end_if() {
  Scope scope = std::move(scopes_.back());
  scopes_.pop_back();
  (scope.has_else ? scope.branch.otherwise : scope.branch.then) = std::move(scope.block);
  append(depth(), std::move(scope.branch));
}

}  // namespace gradc::kernel
