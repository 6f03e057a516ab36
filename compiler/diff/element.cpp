// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/diff/element.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "compiler/diff/reach.h"
#include "compiler/diff/structural.h"
#include "compiler/equations/walk.h"
#include "compiler/operators/affine.h"
#include "compiler/operators/stated.h"
#include "compiler/support/check.h"

namespace gradc {
namespace {

// The form with computed sizes written out: of `N - 1` where N is counted from the data.
Affine expanded(Context& c, Affine form) {
  for (bool again = true; again;) {
    again = false;
    for (const auto& [dim, coefficient] : std::map(form.sizes)) {
      const std::optional<Affine> size =
          c.dim(dim).kind == Dim::Kind::computed ? affine_form(c.dim(dim).size) : std::nullopt;
      if (!size) continue;
      form.sizes.erase(dim);
      form = form + coefficient * *size;
      again = true;
    }
  }
  return form;
}

}  // namespace

std::optional<Affine> bound(Context& c, Expr e, bool greatest) {
  const std::optional<Affine> form = affine_form(e);
  if (!form) return std::nullopt;
  Affine result{{}, form->sizes, form->constant};
  for (const auto& [index, coefficient] : form->indices) {
    const std::optional<Affine> count = index.dim.valid() ? affine_form(c.size(index.dim)) : std::nullopt;
    if (!count) return std::nullopt;
    if ((coefficient > 0) != greatest) continue;  // at position 0
    Affine last = *count;
    last.constant -= 1;
    result = result + coefficient * last;
  }
  return expanded(c, result);
}

namespace {

// Whether a subscript of an axis over `dim` is in range wherever its indices are.
bool always_fits(Context& c, Expr subscript, DimId dim) {
  if (subscript->kind == ExprKind::position && subscript->index.dim == dim) return true;
  if (subscript->kind == ExprKind::access) return c.tensor(subscript->tensor).member_of == dim;
  const std::optional<Affine> size = affine_form(c.size(dim));
  const std::optional<Affine> least = bound(c, subscript, false), most = bound(c, subscript, true);
  if (!size || !least || !most) return false;
  const Affine over = expanded(c, *most + -1 * *size);
  return least->is_constant() && least->constant >= 0 && over.is_constant() && over.constant < 0;
}

void require(Context& c, TensorId tensor, std::span<const Expr> at, Expr& condition) {
  for (std::size_t a = 0; a < at.size(); ++a) {
    for (Expr e : reachable_nodes(at[a]))
      if (e->kind == ExprKind::access) require(c, e->tensor, e->arguments(), condition);
    const DimId dim = c.tensor(tensor).dims[a];
    if (always_fits(c, at[a], dim)) continue;
    condition = both_of(condition, both(less_equal(c.integer(0), at[a]), less(at[a], c.size(dim))));
  }
}

// The work of one element of a definition.
double weight(Context& c, Expr value) {
  double total = 0;
  for (Expr e : reachable_nodes(value)) {
    double times = 1;
    for (Index index : e->free)
      if (index.kind == Index::Kind::bound) times *= likely_size(c, index.dim);
    total += times;
  }
  return total;
}

void add_slots(std::span<const Expr> at, std::set<Index>& slots) {
  for (Expr e : at)
    if (e)
      for (Index index : e->free) slots.insert(index);
}

// Whether a sweep from the elements that it is taken by computes less than one from those that are derived.
bool forward_is_cheaper(System& system, const Element& of, const Element& wrt) {
  Context& c = system.context();
  if (slots_of(of) == 0) return false;
  const System slice = reachable(system, {of.tensor});
  const TensorSet between = varied_tensors(slice, {wrt.tensor});
  Varied varied(between);
  std::set<Index> seeds;
  add_slots(wrt.at, seeds);
  const Reach carried_here(slice, of.tensor, of.at, slots_of(of), varied, {}, &seeds),
      carried_back(slice, of.tensor, of.at, slots_of(of), varied, {});
  const auto product = [&](const std::set<Index>& slots) {
    double result = 1;
    for (Index index : slots) result *= likely_size(c, index.dim);
    return result;
  };
  std::set<Index> leads;
  add_slots(of.at, leads);
  double forward = 0, reverse = 0;
  for (const Definition& d : slice.definitions()) {
    if (!between.contains(d.tensor) || d.tensor == of.tensor || !d.define()) continue;
    const auto work = [&](const Part& part, std::set<Index> carried) {
      double each = weight(c, d.define()->value);
      for (std::size_t a = 0; a < part.size(); ++a)
        if (!part[a]) each *= likely_size(c, c.tensor(d.tensor).dims[a]);
      return each * product(carried);
    };
    for (const Part& part : carried_here.parts(d.tensor)) {
      std::set<Index> carried = seeds;
      add_slots(part, carried);
      forward += work(part, carried);
    }
    for (const Part& part : carried_back.parts(d.tensor)) reverse += work(part, leads);
  }
  return forward <= reverse;
}

}  // namespace

double likely_size(Context& c, DimId dim) {
  const std::optional<Affine> size = dim.valid() ? affine_form(c.size(dim)) : std::nullopt;
  if (!size) return 32;
  const Affine known = expanded(c, *size);
  return known.is_constant() ? static_cast<double>(std::max<std::int64_t>(1, known.constant)) : 32;
}

Element whole_element(Context& c, TensorId tensor, std::size_t first) {
  Element element{tensor, {}};
  for (DimId dim : c.tensor(tensor).dims)
    element.at.push_back(c.position(Index::slot(static_cast<std::int32_t>(first++), dim)));
  return element;
}

bool is_whole(Context& c, const Element& element, std::span<const DimId> dims) {
  return std::ranges::equal(dims, c.tensor(element.tensor).dims) &&
         element.at == whole_element(c, element.tensor, 0).at;
}

std::size_t slots_of(const Element& element) {
  std::set<Index> slots;
  add_slots(element.at, slots);
  return slots.size();
}

Expr is_in_range(Context& c, const Element& element) {
  Expr condition;
  require(c, element.tensor, element.at, condition);
  return condition;
}

namespace {

void need_first(const Element& of) {
  std::set<Index> leads;
  add_slots(of.at, leads);
  for (Index index : leads)
    GRADC_CHECK(static_cast<std::size_t>(index.number) < leads.size(), "the slots of `of` come first");
}

std::vector<std::string> names_of(const System& system, TensorId t) {
  std::vector<std::string> names;
  if (const Definition* d = system.find(t)) names = d->index_names;
  names.resize(system.context().tensor(t).rank());
  return names;
}

TensorId add_result(System& system, Tensor tensor, Expr value, const Element& of,
                    std::span<const std::string> names) {
  Context& c = system.context();
  tensor.name = c.unused_name(tensor.name);
  std::vector<std::string> hints(names.begin(), names.end());
  hints.resize(tensor.dims.size());
  const Definition* d = system.find(of.tensor);
  const SourceRange from = d ? d->origin.range : c.tensor(of.tensor).declared;
  const TensorId result = c.add_tensor(std::move(tensor));
  const std::string rule = value ? "chain rule" : "no dependence";
  system.add({result, Define{structural::number(c, released(value))}, {from, rule}, std::move(hints)});
  return result;
}

}  // namespace

TensorId add_element_derivative(System& system, const Element& of, const Element& wrt,
                                std::span<const DimId> dims, std::span<const std::string> names, Mode mode) {
  Context& c = system.context();
  need_first(of);
  const bool forward =
      mode == Mode::forward || (mode == Mode::cheapest && forward_is_cheaper(system, of, wrt));
  const std::size_t leads = slots_of(of);
  Expr value = forward ? forward_element(system, of, wrt)
                       : reverse_element(system, of, wrt, dims.first(leads),
                                         names.first(std::min(leads, names.size())));
  if (structural::is_zero(value)) value = Expr();
  if (const Expr in_range = is_in_range(c, wrt); value && in_range)
    value = structural::choose(in_range, value, Expr());
  Tensor tensor{.name = "d_" + c.tensor(of.tensor).name + "_" + c.tensor(wrt.tensor).name,
                .role = forward ? Role::tangent : Role::adjoint,
                .dims = {dims.begin(), dims.end()},
                .of = of.tensor,
                .wrt = wrt.tensor,
                .at = of.at};
  tensor.at.insert(tensor.at.end(), wrt.at.begin(), wrt.at.end());
  const std::size_t rank = c.tensor(of.tensor).rank();
  if (rank <= dims.size() && is_whole(c, of, dims.first(rank)) &&
      wrt.at == whole_element(c, wrt.tensor, rank).at) {
    tensor.at.clear();
  }
  return add_result(system, std::move(tensor), value, of, names);
}

TensorId add_element_tangent(System& system, const Element& of, TensorId wrt, const Element& direction,
                             std::span<const DimId> dims, std::span<const std::string> names) {
  Context& c = system.context();
  need_first(of);
  Expr value = forward_along(system, of, wrt, direction);
  const Expr in_range = value ? is_in_range(c, direction) : Expr();  // of the axes before wrt's
  if (in_range) value = structural::choose(in_range, value, Expr());
  Tensor tensor{
      .name = "t_" + c.tensor(of.tensor).name, .role = Role::tangent, .dims = {dims.begin(), dims.end()}};
  if (is_whole(c, of, dims)) {
    tensor.of = of.tensor;
    tensor.wrt = wrt;
  }
  return add_result(system, std::move(tensor), structural::is_zero(value) ? Expr() : value, of, names);
}

Mode cheaper_mode(System& system, TensorId of, TensorId wrt) {
  Context& c = system.context();
  const Element by = whole_element(c, wrt, c.tensor(of).rank());
  return forward_is_cheaper(system, whole_element(c, of, 0), by) ? Mode::forward : Mode::reverse;
}

TensorId add_jacobian(System& system, TensorId of, TensorId wrt, Mode mode) {
  Context& c = system.context();
  std::vector<DimId> dims = c.tensor(of).dims;
  dims.insert(dims.end(), c.tensor(wrt).dims.begin(), c.tensor(wrt).dims.end());
  std::vector<std::string> names = names_of(system, of);
  const std::vector<std::string> more = names_of(system, wrt);
  names.insert(names.end(), more.begin(), more.end());
  return add_element_derivative(system, whole_element(c, of, 0), whole_element(c, wrt, c.tensor(of).rank()),
                                dims, names, mode);
}

TensorId add_tangent(System& system, TensorId of, TensorId wrt, TensorId direction) {
  Context& c = system.context();
  return add_element_tangent(system, whole_element(c, of, 0), wrt, {direction, {}}, c.tensor(of).dims,
                             names_of(system, of));
}

TensorId add_hessian(System& system, TensorId of, TensorId a, TensorId b, Mode mode) {
  const TensorId first = add_adjoints(system, of, std::span<const TensorId>(&a, 1))[0];
  return add_jacobian(system, first, b, mode);
}

TensorId add_hessian_product(System& system, TensorId of, TensorId wrt, TensorId direction) {
  const TensorId first = add_adjoints(system, of, std::span<const TensorId>(&wrt, 1))[0];
  return add_tangent(system, first, wrt, direction);
}

}  // namespace gradc
