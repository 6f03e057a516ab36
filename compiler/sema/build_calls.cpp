// The expressions of calls of operators and of functions over an axis or of matrices.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/diff/derivative.h"
#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/operators/table.h"
#include "compiler/sema/builtins.h"
#include "compiler/sema/checker.h"
#include "compiler/support/check.h"

namespace gradc::sema {

using namespace syntax;
using gradc::Expr;
using gradc::Type;

Expr Checker::build_call(Frame& frame, ExprId id, const syntax::Call& call) {
  if (const auto parameter = frame.parameters.find(call.callee.text); parameter != frame.parameters.end()) {
    const FunctionValue& function = *parameter->second.function;
    if (function.of_file()) return build_user_call(frame, id, call);
    syntax::Call of_language = call;
    of_language.primes += function.primes;
    return build_language_call(frame, id, of_language, std::string(function.language));
  }
  if (names_.find(call.callee.text)) return build_user_call(frame, id, call);
  return build_language_call(frame, id, call, program_[call.callee]);
}

Expr Checker::build_language_call(Frame& frame, ExprId id, const syntax::Call& call,
                                  const std::string& name) {
  if (const Operator* op = language_operator(name)) return build_operator(frame, id, call, *op);
  if (const CallOperator* op = language_call(name)) return build_matrix_call(frame, call, *op);
  return find_builtin(name)->is_derivative ? build_derivative(frame, call, name)
                                           : build_builtin(frame, id, call, name);
}

Expr Checker::build_operator(Frame& frame, ExprId id, const syntax::Call& call, const Operator& op) {
  const Shape& shape = frame[id].shape;
  std::vector<Expr> arguments;
  std::size_t constants = 0;
  for (const syntax::Argument& a : call.arguments) {
    const Shape& argument = frame[a.value].shape;
    constants += argument.constant ? 1 : 0;
    arguments.push_back(shape.is_integer()
                            ? as_integer(frame, a.value)
                            : as_real(frame, a.value, argument.dims.empty() ? argument.dims : shape.dims));
  }
  // As a literal, also where it is written with a sign or as a sum.
  if (op.has_order()) arguments[0] = context_.real(*literal_value(call.arguments[0].value));
  const Operator* made = &op;
  // A tie with a constant operand has its own derivative (pitfalls: max(x, 0) and relu(x) agree).
  if (!shape.is_integer() && constants == 1 && (&op == &op_max || &op == &op_min))
    made = find_operator(&op == &op_max ? "max_const" : "min_const");
  if (call.primes == 0) return context_.apply(*made, arguments);

  const TensorId placeholder = context_.add_tensor({.name = "t", .dims = {}, .declared = range(id)});
  Expr body = context_.apply(*made, {context_.access(placeholder)});
  for (std::uint32_t k = 0; k < call.primes; ++k)
    if (!(body = derivative(body, placeholder))) return context_.real(0);
  return rewrite(body, [&](Expr e) {
    return e->kind == gradc::ExprKind::access && e->tensor == placeholder ? arguments[0] : e;
  });
}

Expr Checker::build_builtin(Frame& frame, ExprId id, const syntax::Call& call, const std::string& callee) {
  if (callee == "prev") return build_previous(frame, id, call);
  std::vector<Expr> values;
  std::vector<std::vector<DimId>> dims;
  for (const syntax::Argument& a : call.arguments) {
    dims.push_back(frame[a.value].shape.dims);
    values.push_back(as_real(frame, a.value));
  }
  const std::vector<DimId>& first = dims[0];
  const DimId last = first.back();
  const std::size_t rank = first.size();
  // The value with its last axis at another position.
  const auto at = [&](Expr value, Index index) {
    return substitute(value, {{axis(rank - 1, last), context_.position(index)}});
  };
  const auto over_last = [&](const ReductionOperator& op, const auto& term) {
    const gradc::Binder binder = context_.over(last);
    return context_.reduce(op, std::span(&binder, 1), context_.boolean(true), term(binder.index));
  };
  const auto is_same = [&](Index a, std::size_t b, DimId dim) {
    return equal(context_.position(a), axis_position(b, dim));
  };

  if (callee == "softmax" || callee == "log_softmax") {
    const Expr z = named_if_worth(frame, values[0], first, frame.name + "_logits");
    const Expr total = over_last(reduce_logsumexp, [&](Index k) { return at(z, k); });
    const std::vector<DimId> outer(first.begin(), first.end() - 1);
    const Expr shifted = z - named_if_worth(frame, total, outer, frame.name + "_lse");
    return callee == "softmax" ? gradc::exp(shifted) : shifted;
  }
  if (callee == "logsumexp") {
    const Expr z = values[0];
    return over_last(reduce_logsumexp, [&](Index k) { return at(z, k); });
  }
  if (callee == "cumsum" || callee == "cumprod") {
    const Expr z = named_if_worth(frame, values[0], first, frame.name + "_terms");
    const gradc::Binder binder{context_.fresh_index(last), context_.integer(0),
                               axis_position(rank - 1, last) + 1};
    return context_.reduce(callee == "cumsum" ? reduce_sum : reduce_prod, std::span(&binder, 1),
                           context_.boolean(true), at(z, binder.index));
  }
  if (callee == "norm") {
    std::vector<gradc::Binder> binders;
    IndexMap map;
    for (std::size_t k = 0; k < rank; ++k) {
      binders.push_back(context_.over(first[k]));
      map.emplace_back(axis(k, first[k]), context_.position(binders.back().index));
    }
    const Expr squares = sum(binders, context_.boolean(true), gradc::pow(substitute(values[0], map), 2));
    return context_.apply(*find_operator("root"), {squares});
  }
  if (callee == "dot")
    return over_last(reduce_sum, [&](Index k) {
      return at(values[0], k) * at(in_dims(frame, call.arguments[1].value, first), k);
    });
  if (callee == "outer")
    return values[0] * substitute(values[1], {{axis(0, dims[1][0]), axis_position(1, dims[1][0])}});
  const DimId second = first[rank - 1];
  if (callee == "trace") {
    const gradc::Binder binder = context_.over(first[0]);
    const Expr k = context_.position(binder.index);
    return sum({binder}, substitute(values[0], {{axis(0, first[0]), k}, {axis(1, second), k}}));
  }
  GRADC_CHECK(callee == "diag", "a builtin without an expression: " + callee);
  (void)id;
  if (rank == 2) return substitute(values[0], {{axis(1, second), axis_position(0, first[0])}});
  return choose(is_same(axis(0, first[0]), 1, first[0]), values[0], context_.real(0));
}

}  // namespace gradc::sema
