// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/matrix_equations.h"

#include <algorithm>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/operators/stated.h"

namespace gradc {
namespace {

bool contains(std::span<const Index> indices, Index i) {
  return std::ranges::find(indices, i) != indices.end();
}

}  // namespace

std::vector<Index> MatrixEquations::outside(const Matrix& a) const {
  std::vector<Index> result;
  for (Index i : a.element->free)
    if (!contains(a.axes, i)) result.push_back(i);
  return result;
}

Expr MatrixEquations::at(const Matrix& a, std::span<const Expr> positions) const {
  IndexMap map;
  for (std::size_t k = 0; k < a.axes.size(); ++k) map.emplace_back(a.axes[k], positions[k]);
  return substitute(a.element, map);
}

// A tensor that holds the matrix for all values of the outside indices; the one it is read from, if that has
// the layout.
TensorId MatrixEquations::tensor(const Matrix& a, std::span<const Index> lead, bool outside_last,
                                 std::string_view stem) {
  std::vector<Index> order(lead.begin(), lead.end());
  order.insert(order.end(), a.axes.begin(), a.axes.end());
  if (outside_last)
    for (Index i : outside(a))
      if (!contains(lead, i)) order.push_back(i);
  const Expr e = a.element;
  const auto is = [](Expr s, Index i) { return s->kind == ExprKind::position && s->index == i; };
  if (e->kind == ExprKind::access && std::ranges::equal(e->arguments(), order, is)) return e->tensor;
  Tensor made{.name = {}, .role = options_.role, .auxiliary = true};
  Definition definition{.tensor = {}, .rule = {}, .origin = options_.origin};
  IndexMap slots;
  for (Index i : order) {
    const DimId dim = i.dim.valid() ? i.dim : options_.dim(i);
    slots.emplace_back(i, c_.position(Index::slot(static_cast<std::int32_t>(made.dims.size()), dim)));
    made.dims.push_back(dim);
  }
  const auto add = [&](Expr value) {
    Tensor named = made;
    named.name = options_.name(stem);
    definition.rule = Define{value};
    definition.tensor = c_.add_tensor(std::move(named));
    options_.add(definition);
    return definition.tensor;
  };
  const Expr value = substitute(e, slots), original = released(value);
  const TensorId id = add(value);
  if (original != value) {
    const TensorId of = add(original);
    c_.tensor(id).held_of = of;
  }
  return id;
}

TensorId MatrixEquations::known(const Call& call) const {
  if (options_.system)
    for (const Definition& d : options_.system->definitions())
      if (const Call* other = std::get_if<Call>(&d.rule);
          other && other->op == call.op && other->arguments == call.arguments)
        return other->results[0];
  return {};
}

Matrix MatrixEquations::call(const CallOperator& op, std::span<const Matrix> arguments,
                             std::string_view stem) {
  std::vector<Index> lead, columns;
  const std::size_t squares = arguments.size() - (op.right ? 1 : 0);
  for (std::size_t k = 0; k < squares; ++k)
    for (Index i : outside(arguments[k]))
      if (!contains(lead, i)) lead.push_back(i);
  std::ranges::sort(lead);
  if (op.right)
    for (Index i : outside(arguments.back()))
      if (!contains(lead, i)) columns.push_back(i);
  Call call{&op, {}, {}};
  for (std::size_t k = 0; k < arguments.size(); ++k)
    call.arguments.push_back(tensor(arguments[k], lead, k >= squares, std::string(stem) + "_of"));

  Matrix result;
  if (op.value == CallOperator::Value::right)
    result.axes = arguments.back().axes;
  else if (op.value == CallOperator::Value::square)
    result.axes = arguments[0].axes;
  TensorId value = known(call);
  if (!value.valid()) {
    Tensor made{.name = options_.name(stem),
                .role = options_.role,
                .dims = c_.tensor(call.arguments.back()).dims,
                .auxiliary = true};
    if (op.value == CallOperator::Value::scalar) made.dims.resize(lead.size());
    value = c_.add_tensor(std::move(made));
    call.results = {value};
    Definition definition{.tensor = {}, .rule = std::move(call), .origin = options_.origin};
    definition.tensor = value;
    options_.add(std::move(definition));
  }
  std::vector<Expr> subscripts;
  for (const std::vector<Index>& group : {lead, result.axes, columns})
    for (Index i : group) subscripts.push_back(c_.position(i));
  result.element = c_.access(value, subscripts);
  return result;
}

Matrix MatrixEquations::named(const Matrix& a, std::string_view stem) {
  const std::vector<Index> lead = outside(a);
  const TensorId t = tensor(a, lead, false, stem);
  std::vector<Expr> subscripts;
  for (const std::vector<Index>& group : {lead, a.axes})
    for (Index i : group) subscripts.push_back(c_.position(i));
  return {c_.access(t, subscripts), a.axes};
}

Matrix MatrixEquations::transposed(const Matrix& a) const {
  return {at(a, {c_.position(a.axes[1]), c_.position(a.axes[0])}), a.axes};
}

Matrix MatrixEquations::product(const Matrix& a, const Matrix& b) const {
  const Index row = c_.fresh_index(a.axes[0].dim);
  const Binder k = c_.over(b.axes[0].dim);
  std::vector<Expr> right{c_.position(k.index)};
  Matrix result{{}, {row}};
  for (std::size_t j = 1; j < b.axes.size(); ++j) {
    result.axes.push_back(c_.fresh_index(b.axes[j].dim));
    right.push_back(c_.position(result.axes.back()));
  }
  result.element = gradc::sum({k}, at(a, {c_.position(row), right[0]}) * at(b, right));
  return result;
}

Matrix MatrixEquations::outer(const Matrix& a, const Matrix& b) const {
  const Index row = c_.fresh_index(a.axes[0].dim), column = c_.fresh_index(b.axes[0].dim);
  std::vector<Binder> binders;
  std::vector<Expr> left{c_.position(row)}, right{c_.position(column)};
  for (std::size_t j = 1; j < a.axes.size(); ++j) {
    binders.push_back(c_.over(a.axes[j].dim));
    left.push_back(c_.position(binders.back().index));
    right.push_back(left.back());
  }
  const Expr term = at(a, left) * at(b, right);
  return {binders.empty() ? term : gradc::sum(binders, c_.boolean(true), term), {row, column}};
}

Matrix MatrixEquations::inner(const Matrix& a, const Matrix& b) const {
  std::vector<Binder> binders;
  std::vector<Expr> positions;
  for (Index i : a.axes) {
    binders.push_back(c_.over(i.dim));
    positions.push_back(c_.position(binders.back().index));
  }
  return {gradc::sum(binders, c_.boolean(true), at(a, positions) * at(b, positions)), {}};
}

Matrix MatrixEquations::scaled(Expr factor, const Matrix& a) const { return {factor * a.element, a.axes}; }

Matrix MatrixEquations::sum(const Matrix& a, const Matrix& b) const {
  if (!a) return b;
  if (!b) return a;
  std::vector<Expr> positions;
  for (Index i : a.axes) positions.push_back(c_.position(i));
  return {a.element + at(b, positions), a.axes};
}

Matrix MatrixEquations::difference(const Matrix& a, const Matrix& b) const {
  if (!b) return a;
  if (!a) return negated(b);
  std::vector<Expr> positions;
  for (Index i : a.axes) positions.push_back(c_.position(i));
  return {a.element - at(b, positions), a.axes};
}

Matrix MatrixEquations::negated(const Matrix& a) const { return {-a.element, a.axes}; }

Matrix MatrixEquations::symmetric(const Matrix& a) const {
  return {(a.element + transposed(a).element) / 2, a.axes};
}

Matrix MatrixEquations::triangle(const Matrix& a, bool lower, const Rational& diagonal) const {
  const Expr i = c_.position(a.axes[lower ? 0 : 1]), j = c_.position(a.axes[lower ? 1 : 0]);
  if (diagonal == Rational(1)) return {choose(less_equal(j, i), a.element, c_.real(0)), a.axes};
  const Expr on_diagonal = choose(equal(i, j), c_.real(diagonal) * a.element, c_.real(0));
  return {choose(less(j, i), a.element, on_diagonal), a.axes};
}

}  // namespace gradc
