// The expression of each node, once shapes and ranges are known. A value of rank r is an expression over the
// axes axis(0, …) to axis(r-1, …); so values of equal dims go together element by element as they are.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/operators/table.h"
#include "compiler/sema/checker.h"
#include "compiler/support/check.h"
#include "compiler/support/overloaded.h"

namespace gradc::sema {

using namespace syntax;
using gradc::Expr;
using gradc::Type;

void Checker::build(Frame& frame, ExprId id) {
  NodeInfo& info = frame[id];
  if (info.shape.function) {
    info.value = context_.real(0);  // it has no value: a call puts it in its place
    return;
  }
  const ExprId around = frame.building;
  frame.building = id;
  info.value = std::visit(
      overloaded{[&](const Number& number) {
                   const Rational value = *Rational::parse(text(number.text));
                   return info.integer && value.is_integer() ? context_.constant(value, Type::integer)
                                                             : context_.real(value);
                 },
                 [&](const Name& name) { return build_name(frame, id, name.name); },
                 [&](const syntax::Call& call) { return build_call(frame, id, call); },
                 [&](const Subscript& subscript) { return build_subscript(frame, subscript); },
                 [&](const Prime& prime) {
                   const NodeInfo& base = frame[prime.base];
                   return prime.count % 2 ? transposed(base.value, base.shape.dims) : base.value;
                 },
                 [&](const Unary& unary) { return build_unary(frame, unary); },
                 [&](const Binary& binary) { return build_binary(frame, id, binary); },
                 [&](const Compare& compare) { return build_compare(frame, compare); },
                 [&](const Choice& choice) { return build_choice(frame, id, choice); },
                 [&](const Reduction& reduction) { return build_reduction(frame, id, reduction); },
                 [&](const Array& array) { return build_array(frame, id, array); },
                 [](const Placeholder&) -> Expr { GRADC_UNREACHABLE("an open argument"); },
                 [&](const syntax::Iterate&) { return build_iterate(frame, id); }},
      program_[id].kind);
  frame.building = around;
}

Expr Checker::build_name(Frame& frame, ExprId id, TextId name) {
  if (const IndexVariable* variable = frame.variable(frame[id].scope, name))
    return context_.position(variable->index);
  if (const auto state = frame.state(frame[id].scope, name)) return build_state(frame, *state, false);
  if (LocalName* local = frame.local(name)) return build_local(frame, id, *local);
  TensorId tensor;
  if (auto parameter = frame.parameters.find(name); parameter != frame.parameters.end()) {
    if (parameter->second.literal)
      return frame[id].integer && parameter->second.shape.is_integer()
                 ? retyped(parameter->second.literal, Type::integer)
                 : parameter->second.literal;
    tensor = parameter->second.placeholder;
  } else if (auto generic = frame.generic_dims.find(name); generic != frame.generic_dims.end()) {
    return context_.size(generic->second);
  } else if (const Entity* entity = names_.find(name)) {
    if (entity->kind == EntityKind::dim) return context_.size(entity->dim);
    tensor = entity->tensor;
  } else {
    return context_.apply(op_pi, {});
  }
  std::vector<Expr> axes;
  for (DimId dim : context_.tensor(tensor).dims) axes.push_back(axis_position(axes.size(), dim));
  return context_.access(tensor, axes);
}

Expr Checker::build_subscript(Frame& frame, const Subscript& subscript) {
  std::vector<Expr> subscripts;
  for (ExprId id : subscript.subscripts) subscripts.push_back(as_integer(frame, id));
  return element(frame[subscript.base].value, frame[subscript.base].shape.dims, subscripts);
}

Expr Checker::build_unary(Frame& frame, const Unary& unary) {
  const Expr operand = frame[unary.operand].value;
  if (unary.op == UnaryOp::logical_not) return negate(operand);
  return operand->is_constant() ? context_.constant(-*operand->value, operand->type) : -operand;
}

namespace {

// ‖x‖² is the sum of the squares, and |x|² is x²: smooth where the norm and |x| have a kink.
Expr power(Expr base, Expr exponent) {
  const auto n = exponent->is_constant() ? exponent->value->to_int64() : std::nullopt;
  if (!n || *n <= 0 || *n % 2 != 0) return pow(base, exponent);
  if (base->is(*find_operator("abs"))) return pow(base->operands[0], exponent);
  if (!base->is(*find_operator("root"))) return pow(base, exponent);
  return *n == 2 ? base->operands[0] : pow(base->operands[0], *n / 2);
}

}  // namespace

Expr Checker::build_binary(Frame& frame, ExprId id, const Binary& binary) {
  const NodeInfo& info = frame[id];
  const std::vector<DimId>& dims = info.shape.dims;
  if (binary.op == BinaryOp::matmul) return build_matmul(frame, binary);
  if (binary.op == BinaryOp::logical_and) return both(frame[binary.left].value, frame[binary.right].value);
  if (binary.op == BinaryOp::logical_or) return either(frame[binary.left].value, frame[binary.right].value);
  const bool integer = info.shape.is_integer() && (!info.shape.literal || info.integer);
  const Expr left = integer ? as_integer(frame, binary.left)
                            : as_real(frame, binary.left,
                                      frame[binary.left].shape.dims.empty() ? std::vector<DimId>{} : dims);
  const Expr right = integer ? as_integer(frame, binary.right)
                             : as_real(frame, binary.right,
                                       frame[binary.right].shape.dims.empty() ? std::vector<DimId>{} : dims);
  switch (binary.op) {
    case BinaryOp::add: return left + right;
    case BinaryOp::subtract: return left - right;
    case BinaryOp::multiply: return left * right;
    case BinaryOp::divide:
      if (integer) return context_.apply(op_exact_div, {left, right});
      // A quotient of literals is one exact rational: 1/3 is rounded once.
      if (left->is_constant() && right->is_constant() && !right->value->is_zero())
        return context_.real(*left->value / *right->value);
      return left / right;
    case BinaryOp::power:
      return integer ? context_.apply(*find_operator("integer_pow"), {left, right}) : power(left, right);
    case BinaryOp::matmul:
    case BinaryOp::logical_and:
    case BinaryOp::logical_or: break;
  }
  GRADC_UNREACHABLE("a binary operator");
}

Expr Checker::build_compare(Frame& frame, const Compare& compare) {
  std::vector<DimId> dims;
  bool integers = true;
  for (ExprId operand : compare.operands) {
    if (dims.empty()) dims = frame[operand].shape.dims;
    integers = integers && frame[operand].shape.is_integer();
  }
  std::vector<Expr> values;
  for (ExprId operand : compare.operands)
    values.push_back(
        integers ? as_integer(frame, operand)
                 : as_real(frame, operand, frame[operand].shape.dims.empty() ? std::vector<DimId>{} : dims));
  Expr result;
  for (std::size_t k = 0; k + 1 < values.size(); ++k) {
    const Expr a = values[k], b = values[k + 1];
    Expr link;
    switch (compare.ops[k]) {
      case CompareOp::equal: link = equal(a, b); break;
      case CompareOp::not_equal: link = not_equal(a, b); break;
      case CompareOp::less: link = less(a, b); break;
      case CompareOp::less_equal: link = less_equal(a, b); break;
      case CompareOp::greater: link = less(b, a); break;
      case CompareOp::greater_equal: link = less_equal(b, a); break;
    }
    result = result ? both(result, link) : link;
  }
  return result;
}

Expr Checker::build_choice(Frame& frame, ExprId id, const Choice& choice) {
  const Shape& shape = frame[id].shape;
  const auto side = [&](ExprId which) {
    const std::vector<DimId> dims = frame[which].shape.dims.empty() ? std::vector<DimId>{} : shape.dims;
    return shape.is_condition() ? in_dims(frame, which, dims)
           : shape.is_integer() ? as_integer(frame, which)
                                : as_real(frame, which, dims);
  };
  return choose(frame[choice.condition].value, side(choice.taken), side(choice.otherwise));
}

// Element k of an array literal, chosen by the position on its axis.
Expr Checker::build_array(Frame& frame, ExprId id, const Array& array) {
  const Shape& shape = frame[id].shape;
  const std::vector<DimId> inner(shape.dims.begin() + 1, shape.dims.end());
  IndexMap shift;
  for (std::size_t k = 0; k < inner.size(); ++k)
    shift.emplace_back(axis(k, inner[k]), axis_position(k + 1, inner[k]));
  const Expr position = axis_position(0, shape.dims[0]);
  Expr result;
  for (std::size_t k = array.elements.size(); k-- > 0;) {
    const ExprId element = array.elements[k];
    const Expr value =
        substitute(shape.is_integer() ? as_integer(frame, element) : as_real(frame, element, inner), shift);
    result = result ? choose(equal(position, context_.integer(static_cast<std::int64_t>(k))), value, result)
                    : value;
  }
  return result;
}

// ---- conversions

Expr Checker::as_real(Frame& frame, ExprId id, const std::vector<DimId>& wanted) {
  const Expr value = in_dims(frame, id, wanted);
  if (value->type == Type::real) return value;
  return frame[id].shape.literal ? retyped(value, Type::real) : to_real(value);
}

Expr Checker::as_integer(Frame& frame, ExprId id) {
  const Expr value = frame[id].value;
  const bool is_number = value->is_constant() || frame[id].shape.literal;
  if (is_number && !whole_value(value)) {
    reports_.add(DiagnosticCode::E214, range(id), "an integer is needed",
                 "this is no whole number, or beyond 2^63", "`div(a, b)` rounds down");
    frame.failed = true;
    return context_.integer(0);
  }
  return value->type == Type::integer ? value : retyped(value, Type::integer);
}

// The value of literal arithmetic as an integer, if it is one that fits.
std::optional<std::int64_t> Checker::whole_value(Expr literal) const {
  std::unordered_map<Expr, Rational> values;
  for (Expr e : reachable_nodes(literal)) {
    if (e->is_constant()) {
      values[e] = *e->value;
      continue;
    }
    if (e->kind != gradc::ExprKind::apply) return 0;  // made of sizes too: not a number alone
    const auto operand = [&](std::size_t k) { return values.at(e->operands[k]); };
    if (e->is(op_add))
      values[e] = operand(0) + operand(1);
    else if (e->is(op_sub))
      values[e] = operand(0) - operand(1);
    else if (e->is(op_mul))
      values[e] = operand(0) * operand(1);
    else if (e->is(op_neg))
      values[e] = -operand(0);
    else
      return 0;
  }
  return values.at(literal).to_int64();
}

Expr Checker::in_dims(Frame& frame, ExprId id, const std::vector<DimId>& wanted) {
  const std::vector<DimId>& dims = frame[id].shape.dims;
  if (dims == wanted || dims.empty()) return frame[id].value;
  IndexMap map;
  for (std::size_t k = 0; k < dims.size(); ++k)
    if (dims[k] != wanted[k]) map.emplace_back(axis(k, dims[k]), axis_position(k, wanted[k]));
  return substitute(frame[id].value, map);
}

// The same arithmetic of literals with another type.
Expr Checker::retyped(Expr literal, Type type) {
  std::unordered_map<Expr, Expr> made;
  for (Expr node : reachable_nodes(literal)) {
    if (node->is_constant()) {
      made[node] = context_.constant(*node->value, type);
      continue;
    }
    GRADC_CHECK(node->kind == gradc::ExprKind::apply, "a literal that is no arithmetic");
    std::vector<Expr> operands;
    for (Expr operand : node->operands) operands.push_back(made.at(operand));
    made[node] = context_.apply(*node->op, operands);
  }
  return made.at(literal);
}

}  // namespace gradc::sema
