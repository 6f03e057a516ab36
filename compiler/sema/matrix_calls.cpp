// Calls of functions of matrices: solve, inv, det, logdet, cholesky. Indices that an argument uses become
// leading axes: `inv(S[k])` is a matrix for each k. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/operators/matrix_equations.h"
#include "compiler/sema/checker.h"

namespace gradc::sema {

using namespace syntax;
using gradc::Expr;
using gradc::Type;

// The dim of the rows: a declared one before that of an array literal.
DimId Checker::matrix_dim(const Frame& frame, const syntax::Call& call) const {
  DimId dim = frame[call.arguments[0].value].shape.dims[0];
  for (const syntax::Argument& a : call.arguments)
    for (DimId other : frame[a.value].shape.dims)
      if (is_array_dim(dim) && same_dim(dim, other)) dim = other;
  return dim;
}

Shape Checker::infer_matrix_call(Frame& frame, ExprId id, const syntax::Call& call, const CallOperator& op) {
  const std::string name = "`" + std::string(op.name) + "`";
  const std::size_t count = op.arity();
  if (!need_arguments(frame, id, call, count, count)) return Shape::failed();
  if (call.primes > 0) {
    reports_.add(DiagnosticCode::E304, range(id), "`'` is the derivative of a function of one real argument",
                 name + " takes a matrix", "name it in an equation, and derive that: `jacobian(y, x)`");
    return Shape::failed();
  }
  Shape shape;
  for (std::size_t k = 0; k < count; ++k) {
    const ExprId at = call.arguments[k].value;
    if (!need_number(frame, at)) return Shape::failed();
    const Shape& argument = frame[at].shape;
    shape.constant = shape.constant && argument.constant;
    if (k < op.squares && (argument.rank() != 2 || !same_dim(argument.dims[0], argument.dims[1]))) {
      std::vector<Label> declared;
      if (argument.rank() == 2)
        for (DimId dim : argument.dims)
          if (!is_array_dim(dim))
            declared.push_back({context_.dim(dim).declared, "`" + dim_name(dim) + "` is declared here"});
      reports_.add(DiagnosticCode::E260, range(at), name + " takes a square matrix",
                   "this is " + shown(argument.dims), "rows and columns are of one dim: `A[D, D]`",
                   std::move(declared));
      return Shape::failed();
    }
    if (k >= op.squares && argument.rank() != 1 && argument.rank() != 2) {
      reports_.add(DiagnosticCode::E261, range(at), "the right side of " + name + " is a vector or a matrix",
                   "this is " + shown(argument.dims));
      return Shape::failed();
    }
  }
  const Shape& matrix = frame[call.arguments[0].value].shape;
  if (op.right) {
    const ExprId right = call.arguments[1].value;
    if (!same_dim(matrix.dims[0], frame[right].shape.dims[0])) {
      report_dims(range(right), matrix.dims[0], shown(call.arguments[0].value, "the matrix"),
                  frame[right].shape.dims[0], shown(right, "the right side"),
                  "a right side has as many rows as the matrix");
      return Shape::failed();
    }
    shape.dims = frame[right].shape.dims;
    shape.dims[0] = matrix_dim(frame, call);
  } else if (op.value == CallOperator::Value::square) {
    shape.dims.assign(2, matrix_dim(frame, call));
  }
  return shape;
}

// Reads behind a guard may be out of range where nobody wants them; there the matrix is 0.
Expr Checker::in_range_everywhere(Expr value) {
  return rewrite(value, [&](Expr e) {
    if (e->kind != gradc::ExprKind::access) return e;
    const std::vector<DimId>& dims = context_.tensor(e->tensor).dims;
    Expr inside;
    for (std::size_t k = 0; k < dims.size(); ++k) {
      const Expr s = e->operands[k];
      if (s->kind == gradc::ExprKind::position && s->index.dim == dims[k]) continue;
      const Expr here = both(less_equal(context_.integer(0), s), less(s, context_.size(dims[k])));
      inside = inside ? both(inside, here) : here;
    }
    return inside ? choose(inside, e, context_.constant(0, e->type)) : e;
  });
}

MatrixEquations Checker::matrix_equations(Frame& frame) {
  MatrixEquations::Options options;
  options.add = [this, &frame](Definition d) { add_auxiliary(frame, std::move(d)); };
  options.name = [this, &frame](std::string_view stem) {
    return unused_name(frame.name + "_" + std::string(stem));
  };
  options.origin.range = frame.range;
  options.dim = [this, &frame](Index index) { return range_dim(frame, index); };
  options.system = in_function(frame) && !frame.in_system ? nullptr : &system_;
  return {context_, std::move(options)};
}

Expr Checker::build_matrix_call(Frame& frame, const syntax::Call& call, const CallOperator& op) {
  const DimId n = matrix_dim(frame, call);
  std::vector<Matrix> arguments;
  for (std::size_t k = 0; k < call.arguments.size(); ++k) {
    const ExprId at = call.arguments[k].value;
    std::vector<DimId> dims = frame[at].shape.dims;
    dims[0] = n;
    if (k < op.squares) dims[1] = n;
    Expr value = as_real(frame, at, dims);
    if (frame[at].guard >= 0) value = in_range_everywhere(value);
    value = where_taken(frame, value);
    Matrix& argument = arguments.emplace_back();
    argument.element = value;
    for (std::size_t a = 0; a < dims.size(); ++a) argument.axes.push_back(axis(a, dims[a]));
  }
  return matrix_equations(frame).call(op, arguments, op.name).element;
}

// An equation that is nothing but the call that was made for it: the call defines its tensor.
bool Checker::takes_over_call(const Definition& equation) {
  if (system_.definitions().empty()) return false;
  Definition made = system_.definitions().back();
  auto* call = std::get_if<gradc::Call>(&made.rule);
  const gradc::Tensor& tensor = context_.tensor(equation.tensor);
  if (!call || names_.find(context_.tensor(made.tensor).name) ||
      context_.tensor(made.tensor).dims != tensor.dims ||
      equation.define()->value != context_.access_by_slots(made.tensor))
    return false;
  made.tensor = equation.tensor;
  call->results = {equation.tensor};
  made.origin = equation.origin;
  made.index_names = equation.index_names;
  system_.drop_from(system_.definitions().size() - 1);
  system_.add(std::move(made));
  return true;
}

// A call inside a function, for the arguments of a call of that function.
Checker::Replacement Checker::replaced_call(Frame& frame, const Definition& definition,
                                            const std::unordered_map<TensorId, Replacement>& replacements) {
  const gradc::Call& call = std::get<gradc::Call>(definition.rule);
  const std::vector<DimId> dims = context_.tensor(definition.tensor).dims;
  std::vector<Expr> slots;
  for (std::size_t k = 0; k < leading_axes(context_, call); ++k) slots.push_back(axis_position(k, dims[k]));
  std::vector<Matrix> arguments;
  for (TensorId t : call.arguments) {
    Matrix& argument = arguments.emplace_back();
    std::vector<Expr> subscripts = slots;
    for (std::size_t k = slots.size(); k < context_.tensor(t).rank(); ++k) {
      argument.axes.push_back(axis(k, context_.tensor(t).dims[k]));
      subscripts.push_back(context_.position(argument.axes.back()));
    }
    argument.element = replaced(context_.access(t, subscripts), replacements);
  }
  return {matrix_equations(frame).call(*call.op, arguments, call.op->id).element, dims, {}, {}};
}

}  // namespace gradc::sema
