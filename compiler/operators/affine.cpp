// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/affine.h"

#include <unordered_map>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"

namespace gradc {
namespace {

constexpr std::int64_t most = std::int64_t{1} << 31;  // products of two such still fit

template <class Key>
void add_to(std::map<Key, std::int64_t>& into, const std::map<Key, std::int64_t>& from) {
  for (const auto& [key, coefficient] : from)
    if ((into[key] += coefficient) == 0) into.erase(key);
}

bool small(const Affine& a) {
  auto fits = [](std::int64_t v) { return -most < v && v < most; };
  if (!fits(a.constant)) return false;
  for (const auto& [index, v] : a.indices)
    if (!fits(v)) return false;
  for (const auto& [dim, v] : a.sizes)
    if (!fits(v)) return false;
  return true;
}

Expr term(Context& c, Expr sum, Expr atom, std::int64_t coefficient) {
  if (sum && coefficient == -1) return sum - atom;
  const Expr product = coefficient == 1 ? atom : coefficient == -1 ? -atom : c.integer(coefficient) * atom;
  return sum ? sum + product : product;
}

}  // namespace

std::int64_t Affine::coefficient(Index index) const {
  auto found = indices.find(index);
  return found == indices.end() ? 0 : found->second;
}

Affine Affine::without(Index index) const {
  Affine rest = *this;
  rest.indices.erase(index);
  return rest;
}

Expr Affine::to_expr(Context& c) const {
  Expr sum;
  for (const auto& [index, v] : indices) sum = term(c, sum, c.position(index), v);
  for (const auto& [dim, v] : sizes) sum = term(c, sum, c.size(dim), v);
  if (!sum) return c.integer(constant);
  if (constant > 0) return sum + c.integer(constant);
  if (constant < 0) return sum - c.integer(-constant);
  return sum;
}

Affine operator+(const Affine& a, const Affine& b) {
  Affine sum = a;
  add_to(sum.indices, b.indices);
  add_to(sum.sizes, b.sizes);
  sum.constant += b.constant;
  return sum;
}

Affine operator*(std::int64_t factor, const Affine& a) {
  if (factor == 0) return {};
  Affine product = a;
  for (auto& [index, v] : product.indices) v *= factor;
  for (auto& [dim, v] : product.sizes) v *= factor;
  product.constant *= factor;
  return product;
}

std::optional<Affine> affine_form(Expr root) {
  if (root->type != Type::integer) return std::nullopt;
  std::unordered_map<Expr, Affine> forms;
  for (Expr e : reachable_nodes(root)) {
    Affine form;
    switch (e->kind) {
      case ExprKind::constant: {
        const std::optional<std::int64_t> value = e->value->to_int64();
        if (!value) return std::nullopt;
        form.constant = *value;
        break;
      }
      case ExprKind::position: form.indices[e->index] = 1; break;
      case ExprKind::size: {
        const Dim& dim = e->context->dim(e->dim);
        if (dim.kind == Dim::Kind::fixed && dim.size->is_constant() && dim.size->value->to_int64())
          form.constant = *dim.size->value->to_int64();
        else
          form.sizes[e->dim] = 1;
        break;
      }
      case ExprKind::apply: {
        if (e->is(op_add))
          form = forms.at(e->operands[0]) + forms.at(e->operands[1]);
        else if (e->is(op_sub))
          form = forms.at(e->operands[0]) + (-1) * forms.at(e->operands[1]);
        else if (e->is(op_neg))
          form = (-1) * forms.at(e->operands[0]);
        else if (e->is(op_mul) && forms.at(e->operands[0]).is_constant())
          form = forms.at(e->operands[0]).constant * forms.at(e->operands[1]);
        else if (e->is(op_mul) && forms.at(e->operands[1]).is_constant())
          form = forms.at(e->operands[1]).constant * forms.at(e->operands[0]);
        else
          return std::nullopt;
        break;
      }
      case ExprKind::access:
      case ExprKind::choose:
      case ExprKind::reduce: return std::nullopt;
    }
    if (!small(form)) return std::nullopt;
    forms[e] = std::move(form);
  }
  return forms.at(root);
}

std::optional<std::int64_t> offset_from(Expr subscript, Index index) {
  if (!subscript->depends_on(index)) return std::nullopt;
  const std::optional<Affine> form = affine_form(subscript);
  if (!form || form->coefficient(index) != 1) return std::nullopt;
  const Affine rest = form->without(index);
  if (!rest.is_constant()) return std::nullopt;
  return rest.constant;
}

}  // namespace gradc
