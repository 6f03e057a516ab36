// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/evaluate.h"

#include <algorithm>

#include "compiler/equations/call_operator.h"
#include "compiler/operators/build.h"
#include "compiler/operators/integers.h"
#include "compiler/operators/noise.h"
#include "compiler/support/check.h"

namespace gradc {
namespace {

double from_rational(const Rational& r, double*) { return r.to_double(); }
Precise from_rational(const Rational& r, Precise*) { return Precise(r); }
double from_integer(std::int64_t i, double*) { return static_cast<double>(i); }
Precise from_integer(std::int64_t i, Precise*) { return Precise(Rational(i)); }
double call(const Operator& op, const double* x) { return op.evaluate(x); }
Precise call(const Operator& op, const Precise* x) { return op.evaluate_precise(x); }
double call(const ReductionOperator& op, std::span<const double> x) { return op.evaluate(x); }
Precise call(const ReductionOperator& op, std::span<const Precise> x) { return op.evaluate_precise(x); }
void call(const CallOperator& op, const CallValues<double>& values) { op.evaluate(values); }
void call(const CallOperator& op, const CallValues<Precise>& values) { op.evaluate_precise(values); }
// Noise that is not given stands for its mean.
Expr value_of(const Definition& definition) {
  if (const auto* noise = std::get_if<Noise>(&definition.rule)) return mean_of(*noise);
  const Define* define = definition.define();
  return define ? define->value : Expr();
}
bool is_of_steps(const Context& c, TensorId t) {
  return std::ranges::any_of(c.tensor(t).dims, [&](DimId d) { return c.dim(d).of_steps; });
}
double plain(double x) { return x; }
double plain(const Precise& x) { return x.to_double(); }

}  // namespace

template <class Real>
std::optional<std::int64_t> size_of(const Context& context, DimId id, const Point<Real>& point) {
  if (auto given = point.sizes.find(id); given != point.sizes.end()) return given->second;
  const Dim& dim = context.dim(id);
  if (!dim.size) return std::nullopt;
  // Sizes of computed dims are small expressions of sizes: plain recursion.
  struct Size {
    const Context& context;
    const Point<Real>& point;
    std::optional<std::int64_t> operator()(Expr e) const {
      if (e->is_constant()) return e->value->to_int64();
      if (e->kind == ExprKind::size) return size_of(context, e->dim, point);
      if (e->kind != ExprKind::apply || !e->op->evaluate_integer) return std::nullopt;
      std::vector<std::int64_t> arguments;
      for (Expr argument : e->arguments()) {
        const std::optional<std::int64_t> value = (*this)(argument);
        if (!value) return std::nullopt;
        arguments.push_back(*value);
      }
      return exact_integer(*e->op, arguments.data());
    }
  };
  return Size{context, point}(dim.size);
}

// One element's evaluation: the values of its slots, and the binders of the reductions that are running. What
// was computed is remembered with the innermost running binder that it depends on, and forgotten when that
// moves on.
template <class Real>
struct Evaluator<Real>::Frame {
  std::vector<std::int64_t> slots;
  struct Running {
    Index index;
    std::int64_t value = 0;
    std::unordered_map<Expr, Number> memo;
  };
  std::vector<Running> running{{Index{}, 0, {}}};  // the first is the slots' own

  std::size_t level_of(Expr e) const {
    for (std::size_t level = running.size(); level-- > 1;)
      if (e->depends_on(running[level].index)) return level;
    return 0;
  }
  const Number* known(Expr e) const {
    const auto& memo = running[level_of(e)].memo;
    auto found = memo.find(e);
    return found == memo.end() ? nullptr : &found->second;
  }
  void remember(Expr e, const Number& value) { running[level_of(e)].memo[e] = value; }
  std::optional<std::int64_t> position(Index index) const {
    if (index.kind == Index::Kind::slot && static_cast<std::size_t>(index.number) < slots.size())
      return slots[static_cast<std::size_t>(index.number)];
    for (std::size_t level = running.size(); level-- > 1;)
      if (running[level].index == index) return running[level].value;
    return std::nullopt;
  }
};

template <class Real>
bool Evaluator<Real>::fail(std::string message) {
  if (error_.empty()) error_ = std::move(message);
  return false;
}

template <class Real>
Values<Real>& Evaluator<Real>::storage(TensorId id) {
  auto [found, inserted] = values_.try_emplace(id);
  if (inserted) {
    std::size_t count = 1;
    for (DimId dim : c_.tensor(id).dims) {
      const std::optional<std::int64_t> extent = size_of(c_, dim, point_);
      GRADC_CHECK(extent && *extent >= 0, "no size given for an axis of " + c_.tensor(id).name);
      found->second.extents.push_back(*extent);
      count *= static_cast<std::size_t>(*extent);
    }
    if (count > largest_dense && is_of_steps(c_, id)) {
      sparse_.try_emplace(id);
      return found->second;
    }
    if (c_.tensor(id).type == Type::real)
      found->second.reals.resize(count);
    else
      found->second.integers.resize(count);
    states_[id].assign(count, State::unknown);
  }
  return found->second;
}

template <class Real>
std::optional<Values<Real>> Evaluator<Real>::tensor(TensorId id) {
  if (auto given = point_.tensors.find(id); given != point_.tensors.end()) return given->second;
  // Definitions before what reads them, so that long chains need no deep stack; what fails here fails again,
  // and is reported, only if the wanted tensor needs it.
  System slice = system_;
  slice.set_outputs({id});
  slice = reachable(slice);
  for (const Definition& d : slice.definitions())
    if (d.tensor != id && !is_of_steps(c_, d.tensor) &&
        (value_of(d) || std::holds_alternative<Call>(d.rule)) && !point_.tensors.contains(d.tensor)) {
      const std::size_t count = [&] {
        storage(d.tensor);
        return states_[d.tensor].size();
      }();
      for (std::size_t i = 0; i < count; ++i) element_first_needed(d.tensor, i);
    }
  error_.clear();
  storage(id);
  GRADC_CHECK(!sparse_.contains(id), "a tensor of steps in steps is wanted whole: " + c_.tensor(id).name);
  for (std::size_t i = 0; i < states_[id].size(); ++i)
    if (!element_first_needed(id, i)) return std::nullopt;
  return storage(id);
}

// With what it needs first where that lies deep: a recurrence over 10^5 steps needs no deep stack.
template <class Real>
bool Evaluator<Real>::element_first_needed(TensorId id, std::size_t offset) {
  std::vector<std::pair<TensorId, std::size_t>> wanted{{id, offset}};
  std::set<std::pair<TensorId, std::size_t>> waiting{wanted.front()};
  while (!wanted.empty()) {
    Number ignored;
    too_deep_.reset();
    if (element(wanted.back().first, wanted.back().second, ignored)) {
      waiting.erase(wanted.back());
      wanted.pop_back();
      continue;
    }
    if (!too_deep_) return false;
    if (!waiting.insert(*too_deep_).second)
      return fail("the value of " + c_.tensor(too_deep_->first).name + " depends on itself");
    wanted.push_back(*too_deep_);
  }
  return true;
}

template <class Real>
bool Evaluator<Real>::element(TensorId id, std::size_t offset, Number& result) {
  const Tensor& t = c_.tensor(id);
  if (auto given = point_.tensors.find(id); given != point_.tensors.end()) {
    if (t.type == Type::real)
      result.real = given->second.reals[offset];
    else
      result.integer = given->second.integers[offset];
    return true;
  }
  const std::vector<std::int64_t>& extents = storage(id).extents;
  const bool sparse = sparse_.contains(id);
  const State state = !sparse                                ? states_[id][offset]
                      : sparse_[id].known.contains(offset)   ? State::known
                      : sparse_[id].running.contains(offset) ? State::running
                                                             : State::unknown;
  if (state == State::running) return fail("the value of " + t.name + " depends on itself");
  if (state == State::known) {
    if (sparse)
      result = sparse_[id].known.at(offset);
    else if (t.type == Type::real)
      result.real = storage(id).reals[offset];
    else
      result.integer = storage(id).integers[offset];
    return true;
  }
  const Definition* definition = system_.find(id);
  GRADC_CHECK(definition, "no value given for " + t.name);
  if (const Call* of = std::get_if<Call>(&definition->rule)) {
    GRADC_CHECK(!sparse, "matrices in steps in steps: " + t.name);
    if (!run(*of, offset)) return false;
    result.real = storage(id).reals[offset];
    return true;
  }
  const Expr defined = value_of(*definition);
  GRADC_CHECK(defined, "no value given for " + t.name);
  if (depth_ >= deepest) {
    too_deep_ = {id, offset};
    return false;
  }
  const auto mark = [&](State now) {
    if (!sparse)
      states_[id][offset] = now;
    else if (now == State::running)
      sparse_[id].running.insert(offset);
    else
      sparse_[id].running.erase(offset);
  };
  mark(State::running);
  Frame frame;
  frame.slots.resize(t.rank());
  std::size_t rest = offset;
  for (std::size_t a = t.rank(); a-- > 0;) {
    const auto extent = static_cast<std::size_t>(extents[a]);
    frame.slots[a] = static_cast<std::int64_t>(rest % extent);
    rest /= extent;
  }
  Number value;
  ++depth_;
  const bool good = evaluate(defined, frame, value);
  --depth_;
  mark(good ? State::known : State::unknown);
  if (!good) return false;
  if (sparse)
    sparse_[id].known[offset] = value;
  else if (t.type == Type::real)
    storage(id).reals[offset] = value.real;
  else
    storage(id).integers[offset] = value.integer;
  result = value;
  return true;
}

// All elements of the value that share the leading positions of the one at `offset`.
template <class Real>
bool Evaluator<Real>::run(const Call& of, std::size_t offset) {
  const TensorId id = of.results[0];
  const std::size_t lead = leading_axes(c_, of);
  const auto behind_slots = [&](TensorId t) {
    const std::vector<std::int64_t>& extents = storage(t).extents;
    std::size_t count = 1;
    for (std::size_t k = lead; k < extents.size(); ++k) count *= static_cast<std::size_t>(extents[k]);
    return count;
  };
  const std::size_t count = behind_slots(id), which = offset / count;
  const auto mark = [&](State state) {
    std::fill_n(states_[id].begin() + static_cast<std::ptrdiff_t>(which * count), count, state);
  };
  mark(State::running);
  CallValues<Real> values;
  values.n = static_cast<std::size_t>(storage(of.arguments[0]).extents[lead]);
  std::vector<std::vector<Real>> arguments;
  for (TensorId t : of.arguments) {
    std::vector<Real>& numbers = arguments.emplace_back(behind_slots(t));
    Number number;
    for (std::size_t k = 0; k < numbers.size(); ++k) {
      if (!element(t, which * numbers.size() + k, number)) {
        mark(State::unknown);
        return false;
      }
      numbers[k] = number.real;
    }
  }
  for (const std::vector<Real>& numbers : arguments) values.arguments.push_back(numbers.data());
  if (of.op->right) values.columns = arguments.back().size() / values.n;
  values.result = storage(id).reals.data() + which * count;
  call(*of.op, values);
  mark(State::known);
  return true;
}

template <class Real>
bool Evaluator<Real>::evaluate(Expr root, Frame& frame, Number& result) {
  std::vector<Expr> stack{root};
  std::vector<Number> arguments;
  while (!stack.empty()) {
    const Expr e = stack.back();
    if (frame.known(e)) {
      stack.pop_back();
      continue;
    }
    Number value;
    switch (e->kind) {
      case ExprKind::constant:
        if (e->type == Type::real)
          value.real = from_rational(*e->value, static_cast<Real*>(nullptr));
        else
          value.integer = e->value->to_int64().value_or(0);
        break;
      case ExprKind::position: {
        const std::optional<std::int64_t> position = frame.position(e->index);
        GRADC_CHECK(position, "an index without a value");
        value.integer = *position;
        break;
      }
      case ExprKind::size: {
        const std::optional<std::int64_t> size = size_of(c_, e->dim, point_);
        GRADC_CHECK(size, "no size given for " + c_.dim(e->dim).name);
        value.integer = *size;
        break;
      }
      case ExprKind::choose: {
        const Number* condition = frame.known(e->condition());
        if (!condition) {
          stack.push_back(e->condition());
          continue;
        }
        const Expr side = condition->integer ? e->on_true() : e->on_false();
        const Number* taken = frame.known(side);
        if (!taken) {
          stack.push_back(side);
          continue;
        }
        value = *taken;
        break;
      }
      case ExprKind::reduce:
        if (!reduce(e, frame, value)) return false;
        break;
      case ExprKind::access:
      case ExprKind::apply: {
        if (e->is(op_and) || e->is(op_or)) {  // the left side guards the right one
          const Number* left = frame.known(e->operands[0]);
          if (!left) {
            stack.push_back(e->operands[0]);
            continue;
          }
          if ((left->integer != 0) == e->is(op_or)) {
            value = *left;
            break;
          }
        }
        const std::size_t before = stack.size();
        for (Expr operand : e->operands)
          if (!frame.known(operand)) stack.push_back(operand);
        if (stack.size() != before) continue;
        arguments.clear();
        for (Expr operand : e->operands) arguments.push_back(*frame.known(operand));
        if (!apply(e, arguments, value)) return false;
        break;
      }
    }
    frame.remember(e, value);
    stack.pop_back();
  }
  result = *frame.known(root);
  return true;
}

template <class Real>
bool Evaluator<Real>::apply(Expr e, const std::vector<Number>& arguments, Number& result) {
  if (e->kind == ExprKind::access) {
    std::size_t offset = 0;
    const Tensor& t = c_.tensor(e->tensor);
    for (std::size_t a = 0; a < arguments.size(); ++a) {
      const std::optional<std::int64_t> extent = size_of(c_, t.dims[a], point_);
      GRADC_CHECK(extent, "no size given for an axis of " + t.name);
      const std::int64_t at = arguments[a].integer;
      if (at < 0 || at >= *extent)
        return fail(t.name + " is read at " + std::to_string(at) + ", outside 0.." +
                    std::to_string(*extent - 1));
      offset = offset * static_cast<std::size_t>(*extent) + static_cast<std::size_t>(at);
    }
    return element(e->tensor, offset, result);
  }
  const bool real_arguments = !e->operands.empty() && e->operands[0]->type == Type::real;
  if (e->op->typing == Typing::to_real) {
    result.real = from_integer(arguments[0].integer, static_cast<Real*>(nullptr));
  } else if (real_arguments || (e->operands.empty() && e->type == Type::real)) {
    std::vector<Real> reals;
    for (const Number& n : arguments) reals.push_back(n.real);
    const Real value = call(*e->op, reals.data());
    if (e->type == Type::real)
      result.real = value;
    else
      result.integer = static_cast<std::int64_t>(plain(value));
  } else {
    std::vector<std::int64_t> integers;
    for (const Number& n : arguments) integers.push_back(n.integer);
    if ((e->is(op_floor_div) || e->is(op_mod) || e->is(op_exact_div)) && integers[1] == 0)
      return fail("an integer is divided by 0");
    if (e->is(op_converged) && !integers[1]) converged_ = false;
    result.integer = e->op->evaluate_integer(integers.data());
    if (wraps_around(e) && !exact_integer(*e->op, integers.data())) return fail("an integer is beyond 2^63");
  }
  return true;
}

// Whether the guard does not hold because of a condition that, once it fails, holds no more further on.
template <class Real>
bool Evaluator<Real>::ended(Expr e, Frame& frame) {
  const Index index = e->binders.back();
  for (Expr part : conjuncts(e->guard())) {
    Number holds;
    if (!evaluate(part, frame, holds)) return false;
    if (holds.integer) continue;
    if (part->kind != ExprKind::access || !c_.tensor(part->tensor).counted_by.valid()) return false;
    const Expr last = part->arguments().back();
    const bool rises = last->kind == ExprKind::position && last->index == index;
    const auto others = part->arguments().first(part->arguments().size() - 1);
    return rises && std::ranges::none_of(others, [&](Expr s) { return s->depends_on(index); });
  }
  return false;
}

template <class Real>
bool Evaluator<Real>::reduce(Expr e, Frame& frame, Number& result) {
  std::vector<Real> reals;
  std::vector<std::int64_t> integers, upper;
  const std::size_t base = frame.running.size();
  const std::size_t count = e->binders.size();
  // An odometer over binders whose ranges may depend on the ones before.
  auto enter = [&](std::size_t k) {
    Number lower_value, upper_value;
    if (!evaluate(e->lower(k), frame, lower_value) || !evaluate(e->upper(k), frame, upper_value))
      return false;
    upper.push_back(upper_value.integer);
    frame.running.push_back({e->binders[k], lower_value.integer, {}});
    return true;
  };
  bool ok = enter(0);
  while (ok && frame.running.size() > base) {
    const std::size_t depth = frame.running.size() - base;
    auto& innermost = frame.running.back();
    if (innermost.value >= upper.back()) {
      frame.running.pop_back();
      upper.pop_back();
      if (frame.running.size() > base) {
        ++frame.running.back().value;
        frame.running.back().memo.clear();
      }
      continue;
    }
    if (depth < count) {
      ok = enter(depth);
      continue;
    }
    Number guard, term;
    ok = evaluate(e->guard(), frame, guard);
    if (ok && !guard.integer && ended(e, frame)) {
      innermost.value = upper.back();
      continue;
    }
    ok = ok && (!guard.integer || evaluate(e->body(), frame, term));
    if (!ok) break;
    if (guard.integer) {
      if (e->reduction->term == Type::real)
        reals.push_back(term.real);
      else
        integers.push_back(term.integer);
    } else if (e->reduction == &reduce_argmax || e->reduction == &reduce_argmin) {
      ok = fail("a filtered argmax has no single position");
      break;
    }
    ++frame.running.back().value;
    frame.running.back().memo.clear();
  }
  frame.running.resize(base);
  if (!ok) return false;
  if (e->reduction->term != Type::real) {
    result.integer = e->reduction->evaluate_integer(integers);
  } else {
    if (reals.empty() && e->type == Type::integer)
      return fail(std::string(e->reduction->name) + " of nothing");
    const Real value = call(*e->reduction, reals);
    if (e->type == Type::real)
      result.real = value;
    else
      result.integer = static_cast<std::int64_t>(plain(value));
  }
  return true;
}

template std::optional<std::int64_t> size_of(const Context&, DimId, const Point<double>&);
template std::optional<std::int64_t> size_of(const Context&, DimId, const Point<Precise>&);
template class Evaluator<double>;
template class Evaluator<Precise>;

}  // namespace gradc
