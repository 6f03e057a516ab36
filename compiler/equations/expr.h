// Expressions: immutable nodes of a shared graph. Equal up to the names of bound indices means the same node,
// so equality is comparison of handles. Interning does not simplify: `0*x` stays `0*x` (design: no rule may
// change what the user wrote before it is proved harmless). SPDX-License-Identifier: Apache-2.0 WITH
// LLVM-exception
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "compiler/equations/index.h"
#include "compiler/support/rational.h"

namespace gradc {

class Context;
struct Operator;
struct ReductionOperator;

enum class ExprKind : std::uint8_t {
  constant,  // an exact rational; of type boolean: 0 or 1
  position,  // an index as an integer, counted from 0
  size,      // the size of a dim, an integer
  access,    // an element of a tensor, by integer subscripts
  apply,     // an operator and its arguments
  choose,    // if condition then a else b: evaluates, and differentiates, one side only
  reduce,    // an operator over bound indices in stated ranges, where a guard holds
};

enum class Type : std::uint8_t { real, integer, boolean };

// A handle to an interned node: as cheap as a pointer, valid as long as its Context.
class Expr {
 public:
  struct Node;
  Expr() = default;
  explicit Expr(const Node* node) : node_(node) {}

  explicit operator bool() const { return node_ != nullptr; }
  const Node* operator->() const { return node_; }
  const Node& operator*() const { return *node_; }

  friend bool operator==(Expr a, Expr b) { return a.node_ == b.node_; }
  // By age, so that children come before parents and nothing depends on addresses.
  friend bool operator<(Expr a, Expr b);

 private:
  const Node* node_ = nullptr;
};

struct Expr::Node {
  ExprKind kind;
  Type type;
  std::int32_t id;      // rises from leaves to roots: every loop over ids is a topological order
  std::int32_t height;  // of the binders inside; see Index
  Context* context;

  const Rational* value = nullptr;               // constant
  Index index = {};                              // position
  DimId dim = {};                                // size
  TensorId tensor = {};                          // access
  const Operator* op = nullptr;                  // apply
  const ReductionOperator* reduction = nullptr;  // reduce
  std::span<const Index> binders = {};           // reduce: outermost first
  std::span<const Expr> operands = {};           // see the accessors below
  std::span<const Index> free = {};              // indices that occur and are not bound inside; sorted

  // access: the subscripts; apply: the arguments
  std::span<const Expr> arguments() const { return operands; }
  // choose
  Expr condition() const { return operands[0]; }
  Expr on_true() const { return operands[1]; }
  Expr on_false() const { return operands[2]; }
  // reduce: binder k runs over lower(k) <= k < upper(k), which may use the binders before it
  Expr lower(std::size_t k) const { return operands[2 * k]; }
  Expr upper(std::size_t k) const { return operands[2 * k + 1]; }
  Expr guard() const { return operands[operands.size() - 2]; }
  Expr body() const { return operands[operands.size() - 1]; }

  bool is(const Operator& which) const { return kind == ExprKind::apply && op == &which; }
  bool is(const ReductionOperator& which) const { return kind == ExprKind::reduce && reduction == &which; }
  bool is_constant() const { return kind == ExprKind::constant; }
  bool is_constant(std::int64_t number) const { return is_constant() && *value == Rational(number); }
  bool depends_on(Index which) const;
};

inline bool operator<(Expr a, Expr b) { return a->id < b->id; }

}  // namespace gradc

template <>
struct std::hash<gradc::Expr> {
  std::size_t operator()(gradc::Expr e) const noexcept {
    return e ? static_cast<std::size_t>(e->id) : ~std::size_t{0};
  }
};
