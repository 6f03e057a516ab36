// `iterate s = first to next until condition at most N`: a recurrence that says by itself how far it goes.
//
//   s[k]    = if k == 0 then first else if live[k-1] then next(s[k-1]) else 0       positions 0 … N
//   met[k]  = if k == 0 or not live[k-1] then true else condition(s[k], s[k-1])
//   live[b] = if b == 0 then (it is wanted) else live[b-1] and not met[b]           steps 0 … N-1
//   steps   = Σ_b [live[b]] 1,    and the value is s[steps]
//
// So nothing behind sema knows of it but as a circle of equations: it is differentiated, printed and batched
// as any other, and every flow through a step is guarded by that step's `live`; `iterate implicit` has
// another derivative (implicit.cpp). Kleene's minimisation over a primitive recursion, with a bound
// (Introduction to Metamathematics, 1952, §57). SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <set>

#include "compiler/equations/walk.h"
#include "compiler/operators/affine.h"
#include "compiler/operators/build.h"
#include "compiler/sema/checker.h"
#include "compiler/sema/children.h"

namespace gradc::sema {

using namespace syntax;
using gradc::Expr;
using gradc::Type;

// Expressions are numbered children first, so that a tree's numbers lie side by side.
ExprId first_within(const Program& program, ExprId root) {
  for (;;) {
    ExprId first = root;
    for_each_child(program[root], [&](ExprId child) {
      if (child.value < first.value) first = child;
    });
    if (first == root) return root;
    root = first;
  }
}

namespace {

// Whether a value has all indices that a condition has.
bool depends_like(Expr value, Expr condition) {
  return std::ranges::all_of(condition->free, [&](Index i) { return value->depends_on(i); });
}

}  // namespace

void Checker::mark_iterate(Frame& frame, ExprId id, const syntax::Iterate& iterate) {
  const NodeInfo info = frame[id];
  const auto number = static_cast<std::int32_t>(frame.iterations.size());
  frame.iterations.push_back({.at = id, .syntax = &iterate});
  for (std::size_t k = 0; k < iterate.states.size(); ++k) {
    const Spelled& name = iterate.states[k].name;
    const std::string quoted = "`" + text(name.text) + "`";
    const auto refuse = [&](DiagnosticCode code, const std::string& message, SourceRange other,
                            const std::string& note) {
      reports_.add(code, name.range, message, "", "take another name", {{other, note}});
      frame.failed = true;
    };
    if (const IndexVariable* index = frame.variable(info.scope, name.text))
      refuse(DiagnosticCode::E206, "the state " + quoted + " bears the name of an index", index->name.range,
             "the index");
    for (std::size_t j = 0; j < k; ++j)
      if (iterate.states[j].name.text == name.text)
        refuse(DiagnosticCode::E202, "the state " + quoted + " is stepped twice",
               iterate.states[j].name.range, "the first time");
  }
  const auto add_scope = [&](bool in_until) {
    frame.scopes.push_back({info.scope, 0, number, in_until});
    return static_cast<std::int32_t>(frame.scopes.size()) - 1;
  };
  const std::int32_t stepped = add_scope(false), asked = add_scope(true);
  const auto child = [&](ExprId which, std::int32_t scope) {
    NodeInfo& made = frame[which];
    made.needed = true;
    made.scope = scope;
    made.integer = false;
    made.guard = info.guard;
  };
  for (const State& state : iterate.states) {
    child(state.first, info.scope);
    child(state.next, stepped);
  }
  child(iterate.until, asked);
}

// ---- shapes

// A state has the dims of its first value, and is real.
Checker::Inferred Checker::infer_state(Frame& frame, const Frame::RunningState& state) {
  const ExprId first = frame.iterations[state.iteration].syntax->states[state.which].first;
  for (std::int32_t k = first_within(program_, first).value; k <= first.value; ++k)
    if (!settle(frame, {k})) return std::nullopt;
  const Shape& shape = frame[first].shape;
  if (shape.error || shape.function || shape.is_condition() ||
      std::ranges::any_of(shape.dims, [&](DimId dim) { return is_array_dim(dim); }))
    return Shape::failed();
  Shape result = Shape::scalar(Type::real, false);
  result.dims = shape.dims;
  return result;
}

// `prev(s)`: the value before the last step.
Checker::Inferred Checker::infer_previous(Frame& frame, ExprId id, const syntax::Call& call) {
  const Name* name =
      call.arguments.size() == 1 ? std::get_if<Name>(&program_[call.arguments[0].value].kind) : nullptr;
  const auto state = name ? frame.state(frame[id].scope, name->name) : std::nullopt;
  if (state && state->in_until && call.primes == 0) return infer_state(frame, *state);
  reports_.add(DiagnosticCode::E212, range(id),
               "`prev` takes a state of the `iterate` whose `until` it is in",
               !name             ? "this is no name"
               : !state          ? "`" + text(name->name) + "` is no state here"
               : state->in_until ? "it has no derivative"
                                 : "behind `to`, `" + text(name->name) + "` is the value before already",
               "`iterate s = a to (s + a/s)/2 until abs(s - prev(s)) < 1e-12 at most 50`");
  return Shape::failed();
}

Checker::Inferred Checker::infer_iterate(Frame& frame, ExprId id, const syntax::Iterate& iterate) {
  bool good = true;
  for (std::size_t k = 0; k < iterate.states.size(); ++k) {
    const State& state = iterate.states[k];
    const std::string quoted = "`" + text(state.name.text) + "`";
    if (!need_number(frame, state.first) || !need_number(frame, state.next)) {
      good = false;
      continue;
    }
    const Shape &first = frame[state.first].shape, &next = frame[state.next].shape;
    if (std::ranges::any_of(first.dims, [&](DimId dim) { return is_array_dim(dim); })) {
      reports_.add(DiagnosticCode::E220, range(state.first), "the dims of this array are not stated", "",
                   "give it a name and dims: a const");
      good = false;
    } else if (!next.dims.empty() &&
               !std::ranges::equal(first.dims, next.dims, [&](DimId a, DimId b) { return same_dim(a, b); })) {
      reports_.add(
          DiagnosticCode::E205, range(state.next),
          "the state " + quoted + " is " + shown(first.dims) + ", and its next value " + shown(next.dims), "",
          "", {{range(state.first), "it starts from this"}});
      good = false;
    }
  }
  good = need_condition(frame, iterate.until) &&
         need_scalar(frame, iterate.until, "the condition of an `iterate`") && good;
  const Expr cap = size_expression(iterate.at_most, &frame);
  if (!cap) return Shape::failed();
  if (const auto steps = fixed_value(cap); steps && *steps < 1) {
    reports_.add(DiagnosticCode::E218, range(iterate.at_most), "an `iterate` makes at least one step",
                 "this allows " + (*steps < 0 ? "fewer than 0" : std::to_string(*steps)),
                 "write `at most 50`");
    good = false;
  }
  if (!good) return Shape::failed();
  Iteration& it = *frame.iteration(id);
  it.steps = anonymous_dim(frame.name + ".steps", cap, range(id));
  it.positions = anonymous_dim(frame.name + ".states", cap + context_.integer(1), range(id));
  for (DimId dim : {it.steps, it.positions}) context_.dim(dim).of_steps = true;
  Shape shape = Shape::scalar(Type::real, false);
  shape.dims = frame[iterate.states[0].first].shape.dims;
  return shape;
}

// ---- values

Expr Checker::step_taken(const Iteration& it, bool in_until) {
  std::vector<Expr> at = it.leads;
  if (!in_until) {
    at.push_back(context_.position(it.step));
    return context_.access(it.lives, at);
  }
  const Expr position = context_.position(it.position);
  at.push_back(position - context_.integer(1));
  return choose(equal(position, context_.integer(0)), context_.boolean(false), context_.access(it.lives, at));
}

// What is named inside a step is there only where the step is taken, and under an index where that is in its
// range.
Expr Checker::where_taken(Frame& frame, Expr value) {
  std::vector<Expr> inside;
  for (Index index : value->free)
    if (const Expr condition = inside_range(frame, index)) inside.push_back(condition);
  if (!inside.empty())
    value = choose(conjunction(context_, inside), value, context_.constant(0, value->type));
  if (!frame.building.valid()) return value;
  for (std::int32_t s = frame[frame.building].scope; s >= 0;
       s = frame.scopes[static_cast<std::size_t>(s)].parent) {
    const Scope& scope = frame.scopes[static_cast<std::size_t>(s)];
    if (scope.iteration < 0) continue;
    const Iteration& it = frame.iterations[static_cast<std::size_t>(scope.iteration)];
    if (it.at_root && it.wanted && depends_like(value, it.wanted))
      return choose(it.wanted, value, context_.constant(0, value->type));
    if (!it.lives.valid() || !value->depends_on(scope.in_until ? it.position : it.step)) continue;
    return choose(step_taken(it, scope.in_until), value, context_.constant(0, value->type));
  }
  return value;
}

// The indices that an iterate depends on: those in force around it that its text mentions, by whatever names.
void Checker::find_leads(Frame& frame, Iteration& it) {
  std::set<Index> mentioned;
  const auto take = [&](Expr value, const std::vector<DimId>& dims) {
    for (Index index : value->free) {
      bool own = false;
      for (std::size_t k = 0; k < dims.size(); ++k) own = own || index == axis(k, dims[k]);
      if (!own) mentioned.insert(index);
    }
  };
  const auto encloses = [&](const Iteration& other) {
    for (std::int32_t s = frame[it.at].scope; s >= 0; s = frame.scopes[static_cast<std::size_t>(s)].parent) {
      const std::int32_t i = frame.scopes[static_cast<std::size_t>(s)].iteration;
      if (i >= 0 && &frame.iterations[static_cast<std::size_t>(i)] == &other) return true;
    }
    return false;
  };
  for (std::int32_t k = first_within(program_, it.at).value; k <= it.at.value; ++k) {
    const Name* name = std::get_if<Name>(&program_[ExprId{k}].kind);
    if (!name || !frame[ExprId{k}].needed) continue;
    const std::int32_t scope = frame[ExprId{k}].scope;
    if (const auto state = frame.state(scope, name->name)) {
      Iteration& around = frame.iterations[state->iteration];
      if (!encloses(around)) continue;  // its own, or of one inside it
      if (!around.lives.valid()) declare_iteration(frame, around);
      for (Expr lead : around.leads) mentioned.insert(lead->index);
      if (!around.at_root) mentioned.insert(state->in_until ? around.position : around.step);
    } else if (const IndexVariable* variable = frame.variable(scope, name->name)) {
      mentioned.insert(variable->index);
    } else if (LocalName* local = frame.local(name->name)) {
      take(build_local(frame, {k}, *local), local->shape->dims);
    }
  }
  // It is wanted where the choices around it are so taken,
  std::vector<Expr> conditions = conditions_around(frame, it.at);
  for (Expr condition : conditions) take(condition, {});
  bool inside = false;
  for (std::int32_t s = frame[it.at].scope; s >= 0; s = frame.scopes[static_cast<std::size_t>(s)].parent) {
    const Scope& scope = frame.scopes[static_cast<std::size_t>(s)];
    Index index;
    std::string hint;
    if (scope.iteration >= 0) {
      const Iteration& around = frame.iterations[static_cast<std::size_t>(scope.iteration)];
      index = scope.in_until ? around.position : around.step;
      // and where the step of an iterate around it is taken, if it differs from step to step. The innermost
      // says the same of those around it.
      if (mentioned.contains(index) && !inside)
        conditions.insert(conditions.begin(), step_taken(around, scope.in_until));
      if (around.at_root && around.wanted &&
          std::ranges::all_of(around.wanted->free, [&](Index i) { return mentioned.contains(i); }))
        conditions.insert(conditions.begin(), around.wanted);
      inside = inside || mentioned.contains(index);
    } else {
      index = frame.variables[scope.variable].index;
      if (const Expr in_range = mentioned.contains(index) ? inside_range(frame, index) : Expr{}) {
        take(in_range, {});
        conditions.insert(conditions.begin(), in_range);
      }
      hint = text(frame.variables[scope.variable].name.text);
    }
    if (!mentioned.contains(index)) continue;
    it.leads.push_back(context_.position(index));
    it.lead_names.push_back(std::move(hint));
  }
  if (!conditions.empty()) it.wanted = conjunction(context_, conditions);
  std::ranges::reverse(it.leads);
  std::ranges::reverse(it.lead_names);
}

std::string Checker::free_name(const std::string& stem) {
  return !names_.find(stem) && context_.unused_name(stem) == stem ? stem : unused_name(stem);
}

// The tensors of an iterate, before anything reads them.
void Checker::declare_iteration(Frame& frame, Iteration& it) {
  it.step = context_.fresh_index(it.steps, "k");
  it.position = context_.fresh_index(it.positions, "k");
  find_leads(frame, it);
  std::vector<DimId> dims;
  for (Expr lead : it.leads)
    dims.push_back(lead->index.dim.valid() ? lead->index.dim : range_dim(frame, lead->index));
  Tensor tensor{.name = {}, .dims = dims, .declared = range(it.at)};
  tensor.dims.push_back(it.positions);
  for (const State& state : it.syntax->states) {
    Tensor made = tensor;
    made.name = free_name(text(state.name.text));
    made.declared = state.name.range;
    const std::vector<DimId>& own = frame[state.first].shape.dims;
    made.dims.insert(made.dims.end(), own.begin(), own.end());
    it.states.push_back(context_.add_tensor(std::move(made)));
  }
  tensor.type = Type::boolean;
  tensor.name = free_name(frame.name + "_met");
  it.met = context_.add_tensor(tensor);
  tensor.name = free_name(frame.name + "_live");
  tensor.dims.back() = it.steps;
  it.lives = context_.add_tensor(tensor);
  tensor.name = free_name(frame.name + "_steps");
  tensor.type = Type::integer;
  tensor.dims.pop_back();
  it.count = context_.add_tensor(std::move(tensor));
  context_.tensor(it.lives).counted_by = it.count;
}

Expr Checker::build_state(Frame& frame, const Frame::RunningState& state, bool previous) {
  Iteration& it = frame.iterations[state.iteration];
  if (!it.lives.valid()) declare_iteration(frame, it);
  std::vector<Expr> at = it.leads;
  const Expr position = context_.position(state.in_until ? it.position : it.step);
  if (!it.at_root) at.push_back(previous ? position - context_.integer(1) : position);
  const TensorId tensor = it.at_root ? it.roots[state.which] : it.states[state.which];
  const std::vector<DimId>& dims = context_.tensor(tensor).dims;
  for (std::size_t k = at.size(), own = 0; k < dims.size(); ++k) at.push_back(axis_position(own++, dims[k]));
  return context_.access(tensor, at);
}

Expr Checker::build_previous(Frame& frame, ExprId id, const syntax::Call& call) {
  const Name& name = std::get<Name>(program_[call.arguments[0].value].kind);
  return build_state(frame, *frame.state(frame[id].scope, name.name), true);
}

Expr Checker::build_iterate(Frame& frame, ExprId id) {
  Iteration& it = *frame.iteration(id);
  if (!it.lives.valid()) declare_iteration(frame, it);
  const std::size_t lead = it.leads.size();
  const auto slot = [&](std::size_t k, DimId dim) {
    return context_.position(Index::slot(static_cast<std::int32_t>(k), dim));
  };
  IndexMap leads;
  std::vector<Expr> at;  // the leading slots
  for (std::size_t k = 0; k < lead; ++k) {
    at.push_back(slot(k, context_.tensor(it.count).dims[k]));
    leads.emplace_back(it.leads[k]->index, at.back());
  }
  const auto in_slots = [&](Expr value, Index index, Expr position, const std::vector<DimId>& dims) {
    IndexMap map = leads;
    map.emplace_back(index, position);
    for (std::size_t k = 0; k < dims.size(); ++k)
      map.emplace_back(axis(k, dims[k]), slot(lead + 1 + k, dims[k]));
    return rewrite(substitute(value, map), [](Expr e) {  // (k - 1) + 1 is k
      if (e->type != Type::integer || e->kind != gradc::ExprKind::apply || e->free.empty()) return e;
      const std::optional<Affine> form = affine_form(e);
      return form ? form->to_expr(*e->context) : e;
    });
  };
  const auto read = [&](TensorId tensor, Expr position) {
    std::vector<Expr> subscripts = at;
    subscripts.push_back(position);
    return context_.access(tensor, subscripts);
  };
  const auto define = [&](TensorId tensor, Expr value, SourceRange from, bool with_position) {
    Definition made{.tensor = tensor, .rule = Define{value}, .origin = {.range = from}};
    made.index_names = it.lead_names;
    if (with_position) made.index_names.push_back("k");
    made.index_names.resize(context_.tensor(tensor).rank());
    add_auxiliary(frame, std::move(made));
  };
  const Expr zero = context_.integer(0), one = context_.integer(1);
  const Expr position = slot(lead, it.positions), step = slot(lead, it.steps);
  const Expr before = read(it.lives, position - one);
  for (std::size_t k = 0; k < it.states.size(); ++k) {
    const State& state = it.syntax->states[k];
    const std::vector<DimId>& dims = frame[state.first].shape.dims;
    const Expr first = in_slots(as_real(frame, state.first, dims), it.step, position - one, dims);
    const Expr next = in_slots(as_real(frame, state.next, dims), it.step, position - one, dims);
    define(it.states[k], choose(equal(position, zero), first, choose(before, next, context_.real(0))),
           state.name.range, true);
  }
  const Expr until = in_slots(frame[it.syntax->until].value, it.position, position, {});
  define(it.met,
         choose(equal(position, zero), context_.boolean(true), choose(before, until, context_.boolean(true))),
         range(it.syntax->until), true);
  const Expr start = it.wanted ? in_slots(it.wanted, it.step, step, {}) : context_.boolean(true);
  define(it.lives,
         choose(equal(step, zero), start, both(read(it.lives, step - one), negate(read(it.met, step)))),
         range(id), true);
  const gradc::Binder b = context_.over(it.steps, "k");
  define(it.count, sum(std::span(&b, 1), read(it.lives, context_.position(b.index)), one), range(id), false);
  if (it.syntax->implicit) define_roots(frame, it);
  return iterate_value(frame, id, 0);
}

Expr Checker::iterate_value(Frame& frame, ExprId id, std::size_t which) {
  const Iteration& it = *frame.iteration(id);
  if (!it.syntax->implicit) return last_state(it, which);
  std::vector<Expr> at = it.leads;
  const std::vector<DimId>& dims = context_.tensor(it.roots[which]).dims;
  for (std::size_t k = at.size(), own = 0; k < dims.size(); ++k) at.push_back(axis_position(own++, dims[k]));
  return context_.access(it.roots[which], at);
}

// The last value of a state. An iterate that has met its limit first says so where its value is read.
Expr Checker::last_state(const Iteration& it, std::size_t which) {
  const Expr steps = context_.access(it.count, it.leads);
  std::vector<Expr> at = it.leads;
  at.push_back(steps);
  const Expr met = choose(context_.access(it.met, at), context_.integer(1), context_.integer(0));
  at.back() = context_.apply(op_converged, {steps, met});
  const TensorId tensor = it.states[which];
  const std::vector<DimId>& dims = context_.tensor(tensor).dims;
  for (std::size_t k = at.size(), own = 0; k < dims.size(); ++k) at.push_back(axis_position(own++, dims[k]));
  return context_.access(tensor, at);
}

}  // namespace gradc::sema
