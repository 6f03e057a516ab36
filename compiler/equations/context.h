// The Context owns dims, tensors and all expression nodes; it outlives every System.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/equations/expr.h"
#include "compiler/equations/tensor.h"

namespace gradc {

// One binder of a reduction while it is built: a fresh index with its range lower <= index < upper.
struct Binder {
  Index index;
  Expr lower;
  Expr upper;
};

class Context {
 public:
  Context();
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  DimId add_dim(Dim dim);
  const Dim& dim(DimId id) const;
  Dim& dim(DimId id);
  std::size_t dim_count() const;

  TensorId add_tensor(Tensor tensor);
  const Tensor& tensor(TensorId id) const;
  Tensor& tensor(TensorId id);
  std::size_t tensor_count() const;
  // `stem`, or `stem_2`, `stem_3`, … : a name that no tensor bears yet.
  std::string unused_name(std::string_view stem) const;

  // ---- nodes; each returns the one node that is equal
  Expr constant(Rational value, Type type = Type::real);
  Expr boolean(bool value) { return constant(value ? 1 : 0, Type::boolean); }
  Expr integer(std::int64_t value) { return constant(value, Type::integer); }
  Expr real(Rational value) { return constant(std::move(value), Type::real); }
  Expr position(Index index);
  Expr size(DimId dim);
  Expr access(TensorId tensor, std::span<const Expr> subscripts);
  Expr access(TensorId tensor, std::initializer_list<Expr> subscripts = {});
  // The element of `tensor` at positions slot 0, slot 1, …: how a definition names its own tensor.
  Expr access_by_slots(TensorId tensor);
  Expr apply(const Operator& op, std::span<const Expr> arguments);
  Expr apply(const Operator& op, std::initializer_list<Expr> arguments);
  Expr choose(Expr condition, Expr on_true, Expr on_false);

  // Binds the fresh indices of `binders` in ranges, guard and body.
  Expr reduce(const ReductionOperator& op, std::span<const Binder> binders, Expr guard, Expr body);
  // The reduction with other operands under its binders as they are: only for renamings, which change no
  // height (walk.cpp, `substitute`).
  Expr with_same_binders(Expr reduce, std::span<const Expr> operands);
  // An index that occurs nowhere else. `hint` is the name to print it by.
  Index fresh_index(DimId dim, std::string_view hint = {});
  // A binder over a whole dim: a fresh index from 0 to the dim's size.
  Binder over(DimId dim, std::string_view hint = {});

  // The name that the k-th binder of this reduction had when it was first built; may be empty.
  std::string_view binder_hint(Expr reduce, std::size_t k) const;

  std::size_t node_count() const;

 private:
  struct Tables;
  std::unique_ptr<Tables> tables_;
};

// A reduction with its binders made fresh again: what a pass works on when it rebuilds one.
struct OpenedReduction {
  const ReductionOperator* op;
  std::vector<Binder> binders;
  Expr guard;
  Expr body;
};
OpenedReduction open(Expr reduce);
Expr close(Context& context, const OpenedReduction& opened);

}  // namespace gradc
