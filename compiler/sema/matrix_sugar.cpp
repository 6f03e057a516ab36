// Values of whole tensors as sugar for indexed ones: subscripts, products of matrices, transposes, and names
// for intermediate values that would be computed many times. SPDX-License-Identifier: Apache-2.0 WITH
// LLVM-exception
#include <algorithm>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/sema/checker.h"

namespace gradc::sema {

using namespace syntax;
using gradc::Expr;
using gradc::Type;

Index Checker::axis(std::size_t k, DimId dim) {
  auto [entry, is_new] = axes_.try_emplace({k, dim});
  if (is_new) entry->second = context_.fresh_index(dim);
  return entry->second;
}

Expr Checker::axis_position(std::size_t k, DimId dim) { return context_.position(axis(k, dim)); }

Expr Checker::element(Expr value, const std::vector<DimId>& dims, std::span<const Expr> subscripts) {
  IndexMap map;
  for (std::size_t k = 0; k < dims.size(); ++k)
    map.emplace_back(axis(k, dims[k]),
                     k < subscripts.size() ? subscripts[k] : axis_position(k - subscripts.size(), dims[k]));
  return substitute(value, map);
}

Expr Checker::transposed(Expr value, const std::vector<DimId>& dims) {
  const IndexMap map = {{axis(0, dims[0]), axis_position(1, dims[0])},
                        {axis(1, dims[1]), axis_position(0, dims[1])}};
  return substitute(value, map);
}

Expr Checker::build_matmul(Frame& frame, const Binary& binary) {
  const std::vector<DimId>& left_dims = frame[binary.left].shape.dims;
  const std::vector<DimId>& right_dims = frame[binary.right].shape.dims;
  const Expr left = named_if_worth(frame, as_real(frame, binary.left), left_dims, frame.name);
  const Expr right = named_if_worth(frame, as_real(frame, binary.right), right_dims, frame.name);
  const DimId contracted = is_array_dim(left_dims.back()) ? right_dims.front() : left_dims.back();
  const gradc::Binder binder = context_.over(contracted);
  const Expr position = context_.position(binder.index);
  IndexMap left_map = {{axis(left_dims.size() - 1, left_dims.back()), position}};
  IndexMap right_map = {{axis(0, right_dims.front()), position}};
  for (std::size_t k = 1; k < right_dims.size(); ++k)
    right_map.emplace_back(axis(k, right_dims[k]), axis_position(left_dims.size() + k - 2, right_dims[k]));
  return sum({binder}, substitute(left, left_map) * substitute(right, right_map));
}

bool subscripts_are_plain(Expr value) {
  for (Expr e : reachable_nodes(value))
    if (e->kind == gradc::ExprKind::access)
      for (Expr subscript : e->operands)
        if (subscript->kind != gradc::ExprKind::position && subscript->kind != gradc::ExprKind::access)
          return false;
  return true;
}

Expr Checker::named_if_worth(Frame& frame, Expr value, const std::vector<DimId>& dims,
                             const std::string& stem) {
  if (value->kind == gradc::ExprKind::access || !has_reductions(value) || !subscripts_are_plain(value))
    return value;
  for (Index index : value->free)
    if (!index.dim.valid()) return value;  // under an index with a numeric range
  return named(frame, value, dims, stem);
}

// A new equation whose axes are the indices that the value uses, then its own axes.
Expr Checker::named(Frame& frame, Expr value, const std::vector<DimId>& dims, const std::string& stem) {
  return named(frame, value, dims,
               {.name = unused_name(stem),
                .type = value->type,
                .dims = {},
                .declared = frame.range,
                .auxiliary = true});
}

Expr Checker::named(Frame& frame, Expr value, const std::vector<DimId>& dims, gradc::Tensor tensor) {
  value = where_taken(frame, value);
  std::vector<Expr> subscripts;
  IndexMap map;
  const auto add_axis = [&](Index index) {
    const DimId dim = index.dim.valid() ? index.dim : range_dim(frame, index);
    map.emplace_back(index,
                     context_.position(Index::slot(static_cast<std::int32_t>(tensor.dims.size()), dim)));
    tensor.dims.push_back(dim);
    subscripts.push_back(context_.position(index));
  };
  std::vector<Index> own;
  for (std::size_t k = 0; k < dims.size(); ++k) own.push_back(axis(k, dims[k]));
  for (Index index : value->free)
    if (std::ranges::find(own, index) == own.end()) add_axis(index);
  for (Index index : own) add_axis(index);
  Definition definition{
      .tensor = {}, .rule = Define{substitute(value, map)}, .origin = {.range = tensor.declared}};
  definition.tensor = context_.add_tensor(std::move(tensor));
  const TensorId id = definition.tensor;
  add_auxiliary(frame, std::move(definition));
  return context_.access(id, subscripts);
}

std::string Checker::unused_name(const std::string& stem) {
  for (int k = 1;; ++k) {
    std::string name = context_.unused_name(stem + "_" + std::to_string(k));
    if (!names_.find(name)) return name;
  }
}

}  // namespace gradc::sema
