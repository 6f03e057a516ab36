// `iterate implicit s = first to F(s) until …`: the value is the iterate's. Its derivative is that of the
// equation s = F(s, p) which the value solves, whatever the steps did:
//   ds = (I - ∂F/∂s)⁻¹ ∂F/∂p dp
// (the implicit function theorem; Christianson 1994; Griewank & Walther 2008, §15; Blondel et al. 2022). For
// the value v found, F and A = I - ∂F/∂s are written down at v, and
//   v = stated(held(s[steps]), carried(x, 1))     A°x = F°(p)
// where F° is a copy in which v is held, and A° one in which everything is (held_copies.h). So x moves with p
// by A⁻¹∂F/∂p, and what differentiates that reads A and F themselves, which move with v and p: no order needs
// anything else. A singular A has the derivative that `solve` has.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/operators/stated.h"
#include "compiler/operators/table.h"
#include "compiler/sema/checker.h"
#include "compiler/sema/children.h"
#include "compiler/sema/held_copies.h"

namespace gradc::sema {

using namespace syntax;
using gradc::Expr;
using gradc::Role;

// F at the roots. The same text is built once more, with the roots for the states.
std::vector<Expr> Checker::steps_at_root(Frame& frame, Iteration& it) {
  std::vector<Expr> result;
  it.at_root = true;
  for (const State& state : it.syntax->states) {
    const ExprId first = first_within(program_, state.next);
    std::vector<Expr> values;
    for (std::int32_t k = first.value; k <= state.next.value; ++k)
      values.push_back(std::exchange(frame[ExprId{k}].value, {}));
    const std::vector<Iteration> iterations = frame.iterations;
    for (Iteration& inner : frame.iterations)
      if (first.value <= inner.at.value && inner.at.value <= state.next.value)
        inner = {.at = inner.at, .syntax = inner.syntax, .steps = inner.steps, .positions = inner.positions};
    for (std::int32_t k = first.value; k <= state.next.value; ++k)
      if (frame[ExprId{k}].needed) build(frame, {k});
    result.push_back(as_real(frame, state.next, frame[state.first].shape.dims));
    for (std::int32_t k = first.value; k <= state.next.value; ++k)
      frame[ExprId{k}].value = values[static_cast<std::size_t>(k - first.value)];
    std::ranges::copy(iterations, frame.iterations.begin());
  }
  it.at_root = false;
  return result;
}

// A tensor over the indices that an iterate depends on, and axes of its own.
TensorId Checker::over_leads(const Frame& frame, const Iteration& it, const std::string& stem,
                             const std::vector<DimId>& own, Role role) {
  Tensor tensor{.name = free_name(frame.name + "_" + stem),
                .role = role,
                .dims = context_.tensor(it.count).dims,
                .declared = range(it.at),
                .auxiliary = true};
  tensor.dims.insert(tensor.dims.end(), own.begin(), own.end());
  return context_.add_tensor(std::move(tensor));
}

TensorId Checker::define_over_leads(Frame& frame, const Iteration& it, TensorId tensor, Expr value) {
  const std::vector<DimId>& dims = context_.tensor(tensor).dims;
  const std::size_t lead = it.leads.size();
  IndexMap map;
  for (std::size_t k = 0; k < dims.size(); ++k)
    map.emplace_back(k < lead ? it.leads[k]->index : axis(k - lead, dims[k]),
                     context_.position(Index::slot(static_cast<std::int32_t>(k), dims[k])));
  Definition made{
      .tensor = tensor, .rule = Define{substitute(value, map)}, .origin = {.range = range(it.at)}};
  made.index_names = it.lead_names;
  made.index_names.resize(dims.size());
  add_auxiliary(frame, std::move(made));
  return tensor;
}

// An equation that is nothing but an `iterate implicit`: the root bears its name.
TensorId Checker::root_alone(const Frame& frame, Expr value, const Tensor& equation) {
  for (const Iteration& it : frame.iterations)
    for (TensorId root : it.roots) {
      Tensor& tensor = context_.tensor(root);
      if (!tensor.auxiliary || tensor.dims != equation.dims || value != context_.access_by_slots(root))
        continue;
      tensor.name = equation.name;
      tensor.declared = equation.declared;
      tensor.auxiliary = false;
      return root;
    }
  return {};
}

namespace {

// The states side by side: state w has the positions from first[w] on, its last axis fastest.
struct SideBySide {
  Context& c;
  std::vector<std::vector<DimId>> dims;  // of each state
  std::vector<Expr> first;               // and the number of all, at the end

  SideBySide(Context& context, std::vector<std::vector<DimId>> of) : c(context), dims(std::move(of)) {
    first.push_back(c.integer(0));
    for (const std::vector<DimId>& own : dims) {
      Expr count = c.integer(1);
      for (DimId d : own) count = own.size() == 1 ? c.size(d) : count * c.size(d);
      first.push_back(first.size() == 1 ? count : first.back() + count);
    }
  }
  bool is_scalar() const { return dims.size() == 1 && dims[0].empty(); }
  bool is_vector() const { return dims.size() == 1 && dims[0].size() == 1; }

  Expr position(std::size_t w, std::span<const Expr> at) const {
    Expr flat;
    for (std::size_t a = 0; a < at.size(); ++a) flat = flat ? flat * c.size(dims[w][a]) + at[a] : at[a];
    if (!flat) return first[w];
    return w == 0 ? flat : first[w] + flat;
  }
  // The element of state w at a position that is one of it.
  std::vector<Expr> element(std::size_t w, Expr position) const {
    std::vector<Expr> at(dims[w].size());
    Expr rest = w == 0 ? position : position - first[w];
    for (std::size_t a = at.size(); a-- > 0;) {
      at[a] = a == 0 ? rest : mod(rest, c.size(dims[w][a]));
      if (a > 0) rest = floor_div(rest, c.size(dims[w][a]));
    }
    return at;
  }
  // By the state that the position belongs to.
  template <class Of>
  Expr choice(Expr position, Of of) const {
    Expr value = of(dims.size() - 1);
    for (std::size_t w = dims.size() - 1; w-- > 0;)
      value = choose(less(position, first[w + 1]), of(w), value);
    return value;
  }
};

}  // namespace

void Checker::define_roots(Frame& frame, Iteration& it) {
  const std::size_t lead = it.leads.size(), count = it.states.size();
  std::vector<std::vector<DimId>> dims;
  for (const State& state : it.syntax->states) dims.push_back(frame[state.first].shape.dims);
  const SideBySide all(context_, dims);
  const auto wanted = [&](Expr value) {
    return it.wanted ? choose(it.wanted, value, context_.real(0)) : value;
  };
  const auto read = [&](TensorId tensor, const std::vector<Expr>& at) {
    std::vector<Expr> subscripts = it.leads;
    subscripts.insert(subscripts.end(), at.begin(), at.end());
    return context_.access(tensor, subscripts);
  };
  const auto axes = [&](std::size_t w) {
    std::vector<Expr> own;
    for (DimId dim : dims[w]) own.push_back(axis_position(own.size(), dim));
    return own;
  };

  const auto define = [&](const std::string& stem, Expr value, const std::vector<DimId>& own,
                          Role role = Role::derived) {
    return define_over_leads(frame, it, over_leads(frame, it, stem, own, role), value);
  };
  const Expr number = context_.real(++stated_);
  HeldCopies held(
      context_, [this](const std::string& stem) { return unused_name(stem); }, stated_);
  std::vector<Expr> found;
  for (std::size_t w = 0; w < count; ++w) {
    const std::string& name = text(it.syntax->states[w].name.text);
    it.roots.push_back(over_leads(frame, it, name, dims[w]));
    found.push_back(context_.apply(op_held, {wanted(last_state(it, w)), number}));
    held.hold(it.roots[w], define(name, found[w], dims[w]));
  }

  const auto made = [&] {
    return std::span<const Definition>(in_function(frame) ? frame.auxiliary : system_.definitions());
  };
  const std::size_t before = made().size();
  const std::vector<Expr> steps = steps_at_root(frame, it);
  std::vector<TensorId> next;
  for (std::size_t w = 0; w < count; ++w) next.push_back(define("next", wanted(steps[w]), dims[w]));

  // ∂F/∂s, block by block
  std::vector<std::vector<TensorId>> slopes(count);
  in_system(frame, [&] {
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t j = 0; j < count; ++j) {
        std::vector<DimId> over = context_.tensor(next[i]).dims;
        const auto slot = [&](std::size_t k) {
          return context_.position(Index::slot(static_cast<std::int32_t>(k), over[k]));
        };
        Element of{next[i], {}}, by{it.roots[j], {}};
        for (std::size_t k = 0; k < lead; ++k) by.at.push_back(slot(k));
        for (std::size_t k = 0; k < over.size(); ++k) of.at.push_back(slot(k));
        for (DimId dim : dims[j]) {
          over.push_back(dim);
          by.at.push_back(slot(over.size() - 1));
        }
        std::vector<std::string> names = it.lead_names;
        names.resize(over.size());
        if (!are_known(unknown_partial(system_, of.tensor, std::span(&by.tensor, 1)), range(it.at),
                       text(it.syntax->states[j].name.text))) {
          frame.failed = true;
          by.tensor = context_.add_tensor(context_.tensor(by.tensor));  // on which nothing depends
        }
        slopes[i].push_back(add_element_derivative(system_, of, by, over, names));
      }
  });
  const auto define_root = [&](std::size_t w, Expr moved, Expr by) {
    const Expr carried = context_.apply(op_carried, {moved, by});
    define_over_leads(frame, it, it.roots[w], context_.apply(op_stated, {found[w], carried, number}));
  };
  const auto hold_equations = [&] {
    const auto own = made().subspan(before);
    for (Definition& copy : held.of({own.begin(), own.end()})) add_auxiliary(frame, std::move(copy));
  };
  if (all.is_scalar()) {
    const Expr one = context_.real(1);
    const TensorId factor = define("factor", one / (one - read(slopes[0][0], {})), {}, Role::tangent);
    hold_equations();
    define_root(0, held.held(read(next[0], {})), held.held(read(factor, {})));
    return;
  }
  const DimId unknowns =
      all.is_vector() ? dims[0][0] : anonymous_dim(frame.name + ".unknowns", all.first.back(), range(it.at));
  const std::vector<DimId> square(2, unknowns);
  const Expr row = axis_position(0, unknowns), column = axis_position(1, unknowns);
  const Expr identity = choose(equal(row, column), context_.real(1), context_.real(0));
  const Expr slope = all.choice(row, [&](std::size_t i) {
    return all.choice(column, [&](std::size_t j) {
      std::vector<Expr> at = all.element(i, row), behind = all.element(j, column);
      at.insert(at.end(), behind.begin(), behind.end());
      return read(slopes[i][j], at);
    });
  });
  const TensorId matrix = define("matrix", identity - wanted(slope), square, Role::tangent);
  hold_equations();
  const TensorId still =
      define("matrix", context_.apply(op_held, {held.held(read(matrix, {row, column})), number}), square);
  held.hold(matrix, still);
  const TensorId right = define(
      "right", all.choice(row, [&](std::size_t i) { return held.held(read(next[i], all.element(i, row))); }),
      {unknowns});
  const TensorId shift = over_leads(frame, it, "shift", {unknowns});
  Definition call{.tensor = {},
                  .rule = gradc::Call{find_call("solve"), {still, right}, {shift}},
                  .origin = {.range = range(it.at)}};
  call.tensor = shift;
  add_auxiliary(frame, std::move(call));
  for (std::size_t w = 0; w < count; ++w)
    define_root(w, read(shift, {all.position(w, axes(w))}), context_.real(1));
}

}  // namespace gradc::sema
