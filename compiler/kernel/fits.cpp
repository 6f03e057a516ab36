// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/fits.h"

#include <algorithm>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"

namespace gradc::kernel {

namespace {

// Computed sizes written out, as far as they are affine in others.
Affine expanded(const Context& c, Affine form) {
  for (int round = 0; round < 8; ++round) {
    bool changed = false;
    for (const auto& [id, factor] : std::map(form.sizes)) {
      const Dim& dim = c.dim(id);
      if (dim.kind == Dim::Kind::run_time) continue;
      const std::optional<Affine> size = affine_form(dim.size);
      if (!size) continue;
      form.sizes.erase(id);
      form = form + factor * *size;
      changed = true;
    }
    if (!changed) break;
  }
  return form;
}

bool never_negative(const Affine& form) {
  if (!form.indices.empty() || form.constant < 0) return false;
  for (const auto& [dim, factor] : form.sizes)
    if (factor < 0) return false;
  return true;
}

}  // namespace

bool covers_dim(const Binder& binder) {
  return binder.index.dim.valid() && binder.lower->is_constant(0) && binder.upper->kind == ExprKind::size &&
         binder.upper->dim == binder.index.dim;
}

void Ranges::add(const Binder& binder) {
  ranges_.insert_or_assign(binder.index, Range{binder.lower, binder.upper});
}

const Ranges::Range* Ranges::stated(Index index) const {
  auto found = ranges_.find(index);
  return found == ranges_.end() ? nullptr : &found->second;
}

// Replaces every index by the end of its range that makes the form greatest or least; ranges may speak of
// indices further out, whose turn comes later.
std::optional<Affine> Ranges::bound(Expr integer, bool greatest) const {
  Context& c = *integer->context;
  const std::optional<Affine> form = affine_form(integer);
  if (!form) return std::nullopt;
  Affine at = *form;
  for (std::size_t steps = 0; !at.indices.empty(); ++steps) {
    if (steps > 64) return std::nullopt;
    // The innermost first: bound indices of greater numbers are not further out.
    const auto [index, factor] = *at.indices.rbegin();
    const Range* range = stated(index);
    if (!range && !index.dim.valid()) return std::nullopt;
    const bool upper = (factor > 0) == greatest;
    std::optional<Affine> end = upper   ? affine_form(range ? range->upper : c.size(index.dim))
                                : range ? affine_form(range->lower)
                                        : std::optional(Affine{});
    if (!end || end->coefficient(index)) return std::nullopt;
    if (upper) end->constant -= 1;
    at = at.without(index) + factor * *end;
  }
  return expanded(c, at);
}

// From the least to the greatest value that each part of the expression can have by itself, where all sizes
// are numbers.
std::optional<std::pair<std::int64_t, std::int64_t>> Ranges::interval(Expr e) const {
  const Context& c = *e->context;
  if (e->kind == ExprKind::position) {
    const Range* range = stated(e->index);
    if (!range && !e->index.dim.valid()) return std::nullopt;
    const auto lower =
        range ? interval(range->lower) : std::optional(std::pair<std::int64_t, std::int64_t>{0, 0});
    const auto upper = interval(range ? range->upper : e->context->size(e->index.dim));
    if (!lower || !upper || lower->first >= upper->second) return std::nullopt;
    return std::pair(lower->first, upper->second - 1);
  }
  if (e->kind == ExprKind::size) {
    const Dim& dim = c.dim(e->dim);
    return dim.kind == Dim::Kind::run_time || !dim.size ? std::nullopt : interval(dim.size);
  }
  constexpr std::int64_t most = std::int64_t{1} << 31;
  const auto number = [&](Expr x) -> std::optional<std::int64_t> {
    const auto value = x->is_constant() ? x->value->to_int64() : std::nullopt;
    return value && *value<most&& * value> - most ? value : std::nullopt;
  };
  if (const auto value = number(e)) return std::pair(*value, *value);
  if (e->kind != ExprKind::apply || e->operands.size() != 2) return std::nullopt;
  const auto a = interval(e->operands[0]), b = interval(e->operands[1]);
  if (!a || !b) return std::nullopt;
  std::pair<std::int64_t, std::int64_t> result;
  if (e->is(op_add)) {
    result = {a->first + b->first, a->second + b->second};
  } else if (e->is(op_sub)) {
    result = {a->first - b->second, a->second - b->first};
  } else if (e->is(op_mul)) {
    const std::int64_t products[] = {a->first * b->first, a->first * b->second, a->second * b->first,
                                     a->second * b->second};
    result = {*std::ranges::min_element(products), *std::ranges::max_element(products)};
  } else if (e->is(op_floor_div) && b->first == b->second && b->first > 0) {
    const auto quotient = [&](std::int64_t x) { return x / b->first - (x % b->first < 0 ? 1 : 0); };
    result = {quotient(a->first), quotient(a->second)};
  } else if (e->is(op_mod) && b->first == b->second && b->first > 0) {
    result = {0, b->first - 1};
  } else {
    return std::nullopt;
  }
  if (result.first <= -most || result.second >= most) return std::nullopt;
  return result;
}

bool Ranges::fits(Expr subscript, DimId axis) const {
  if (subscript->kind == ExprKind::position && subscript->index.dim == axis) {
    const Range* range = stated(subscript->index);
    if (!range || covers_dim({subscript->index, range->lower, range->upper})) return true;
  }
  if (!affine_form(subscript)) {
    const auto values = interval(subscript), size = interval(subscript->context->size(axis));
    return values && size && values->first >= 0 && values->second < size->first;
  }
  const std::optional<Affine> least = bound(subscript, false), most = bound(subscript, true);
  if (!least || !most || !never_negative(*least)) return false;
  Context& c = *subscript->context;
  std::optional<Affine> last = affine_form(c.size(axis));
  if (!last) return false;
  last->constant -= 1;
  return never_negative(expanded(c, *last + -1 * *most));
}

std::optional<std::int64_t> Ranges::greatest(Expr integer) const {
  const std::optional<Affine> least = bound(integer, false), most = bound(integer, true);
  if (!least || !most || !never_negative(*least) || !most->indices.empty() || !most->sizes.empty())
    return std::nullopt;
  return most->constant;
}

}  // namespace gradc::kernel
