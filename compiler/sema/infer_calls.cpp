// The shapes of calls: operators of the table, functions over an axis, derivative operators, the file's
// functions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/operators/build.h"
#include "compiler/operators/table.h"
#include "compiler/sema/builtins.h"
#include "compiler/sema/checker.h"
#include "runtime/init/init.h"

namespace gradc::sema {

using namespace syntax;
using gradc::Type;

Checker::Inferred Checker::infer_call(Frame& frame, ExprId id, const syntax::Call& call) {
  const std::string& callee = program_[call.callee];
  const Builtin* derivative = names_.find(call.callee.text) ? nullptr : find_builtin(callee);
  for (const syntax::Argument& a : call.arguments)
    if (a.name.valid() && !(derivative && derivative->is_derivative && text(a.name.text) == "mode")) {
      reports_.add(DiagnosticCode::E212, a.name.range,
                   "arguments are told apart by their places, not by names",
                   "only optimizers and initialisers take names");
      return Shape::failed();
    }
  if (const LocalName* local = frame.local(call.callee.text)) {
    reports_.add(DiagnosticCode::E216, call.callee.range, "`" + callee + "` is a local name, not a function",
                 "it is called here", "subscripts stand in `[ ]`, products need `*`",
                 {{local->name.range, "defined here"}});
    return Shape::failed();
  }
  if (std::ranges::any_of(call.arguments, [&](const syntax::Argument& a) {
        return std::holds_alternative<Placeholder>(program_[a.value].kind);
      }))
    return infer_partial(frame, id, call);
  if (const auto parameter = frame.parameters.find(call.callee.text); parameter != frame.parameters.end())
    return infer_parameter_call(frame, id, call, parameter->second);
  if (Entity* entity = names_.find(call.callee.text)) {
    entity->used = true;
    if (entity->kind == EntityKind::function) return infer_user_call(frame, id, call, *entity);
    reports_.add(DiagnosticCode::E216, call.callee.range,
                 "`" + callee + "` is " + described(*entity, program_) + ", not a function",
                 "it is called here", "subscripts stand in `[ ]`, products need `*`",
                 {{entity->name.range, "declared here"}});
    return Shape::failed();
  }
  return infer_language_call(frame, id, call, callee);
}

Checker::Inferred Checker::infer_language_call(Frame& frame, ExprId id, const syntax::Call& call,
                                               const std::string& name) {
  if (const Operator* op = language_operator(name)) return infer_operator(frame, id, call, *op);
  if (const CallOperator* op = language_call(name)) return infer_matrix_call(frame, id, call, *op);
  return infer_builtin(frame, id, call, name);
}

bool Checker::need_arguments(Frame& frame, ExprId id, const syntax::Call& call, std::size_t least,
                             std::size_t most) {
  const std::size_t count = call.arguments.size();
  if (count < least || count > most) {
    const auto numbered = [](std::size_t n) {
      return std::to_string(n) + (n == 1 ? " argument" : " arguments");
    };
    const auto parameter = frame.parameters.find(call.callee.text);
    const bool given = parameter != frame.parameters.end();  // a function that is an argument
    const Entity* function = given ? function_of(parameter->second) : names_.find(call.callee.text);
    std::vector<Label> notes;
    if (function)
      notes.push_back({function->name.range, given ? "which is this function here" : "defined here"});
    if (given) name_call(frame, notes);
    const bool of_base = !function && program_[call.callee] == "log" && count == 2;
    const std::string help = function  ? ""
                             : of_base ? "`log2(x)`, `log10(x)`, or `log(x)/log(b)` for another base"
                                       : "write `" + language_form(program_[call.callee]) + "`";
    reports_.add(DiagnosticCode::E212, range(id),
                 "`" + program_[call.callee] + "` takes " +
                     (least == most ? "" : std::to_string(least) + " to ") + numbered(most) + ", and here " +
                     (count == 1 ? "is 1" : "are " + std::to_string(count)),
                 "", help, std::move(notes));
    return false;
  }
  return std::ranges::none_of(call.arguments,
                              [&](const syntax::Argument& a) { return frame[a.value].shape.error; });
}

Shape Checker::infer_operator(Frame& frame, ExprId id, const syntax::Call& call, const Operator& op) {
  const auto arity = static_cast<std::size_t>(op.arity);
  if (!need_arguments(frame, id, call, arity, arity)) return Shape::failed();
  if (op.has_order()) {
    const auto [least, most] = op.orders;
    const auto order = literal_value(call.arguments[0].value);
    const auto n = order ? order->to_int64() : std::nullopt;
    if (!n || *n < least || *n > most) {
      reports_.add(
          DiagnosticCode::E212, range(call.arguments[0].value),
          "the order of `" + program_[call.callee] + "` is a whole number from " + std::to_string(least) +
              " to " + std::to_string(most) + ", written out",
          n ? "" : "this is none",
          n ? "write `" + program_[call.callee] + "(" + std::to_string(*n < least ? least : most) +
                  ", x)` for the last one that there is"
            : "its derivatives are by the second argument; a number for the order makes the formula");
      return Shape::failed();
    }
  }
  Shape shape;
  bool integers = true;
  bool literals = true;
  for (const syntax::Argument& a : call.arguments) {
    if (!need_number(frame, a.value)) return Shape::failed();
    const Shape& argument = frame[a.value].shape;
    integers = integers && argument.is_integer();
    literals = literals && argument.literal;
    shape.constant = shape.constant && argument.constant;
    if (op.typing == Typing::integer && !argument.is_integer()) {
      reports_.add(DiagnosticCode::E214, range(a.value),
                   "an argument of `" + program_[call.callee] + "` is an integer", "this is a real number");
      return Shape::failed();
    }
  }
  if (&op == &op_floor_div || &op == &op_mod)
    if (const auto divisor = literal_value(call.arguments[1].value); divisor && divisor->is_zero()) {
      reports_.add(DiagnosticCode::E214, range(call.arguments[1].value), "no integer is divided by 0", "",
                   "write what it is to be where there is nothing to divide by");
      return Shape::failed();
    }
  for (const syntax::Argument& a : call.arguments) {
    const auto dims = elementwise(frame, call.arguments[0].value, a.value, range(id));
    if (!dims) return Shape::failed();
    if (shape.dims.empty()) shape.dims = *dims;
  }
  const bool stays_integer = op.typing == Typing::arithmetic && integers && (!literals || frame[id].integer);
  shape.type = op.typing == Typing::integer || stays_integer ? Type::integer : Type::real;
  if (call.primes > 0 && (op.arity != 1 || shape.is_integer())) {
    reports_.add(DiagnosticCode::E304, range(id), "`'` is the derivative of a function of one real argument",
                 op.arity == 1
                     ? "this argument is an integer"
                     : "`" + program_[call.callee] + "` has " + std::to_string(op.arity) + " arguments",
                 "name it in an equation, and derive that: `diff(y, x)`");
    return Shape::failed();
  }
  return shape;
}

Checker::Inferred Checker::infer_builtin(Frame& frame, ExprId id, const syntax::Call& call,
                                         const std::string& callee) {
  const Builtin* builtin = find_builtin(callee);
  if (!builtin && callee == "pi") {
    reports_.add(DiagnosticCode::E216, call.callee.range, "`pi` is a number, not a function",
                 "it is called here", "products need `*`");
    return Shape::failed();
  }
  if (!builtin) {
    std::vector<std::string> known;
    if (!reports_.crowded()) known = names_.spellings(EntityKind::function);
    for (const Operator* op : all_operators())
      if (!op->name.empty()) known.emplace_back(op->name);
    for (const Builtin& b : builtins()) known.emplace_back(b.name);
    for (const CallOperator* op : all_calls())
      if (!op->name.empty()) known.emplace_back(op->name);
    const std::string near = did_you_mean(callee, known);
    std::string help = near.empty() ? "" : "did you mean `" + near + "`?";
    if (near == callee) help = "another file defines `" + callee + "`: `use` it in this one too";
    if (const auto reduction = reduction_named(callee))
      help = "a reduction names its indices: `" + callee + "(i) x[i]`";
    if (std::ranges::any_of(all_initializers(), [&](const auto& i) { return callee == i.name; }))
      help = "`" + callee + "` says where a param starts: `param w init " + callee + "(…)`";
    reports_.add(DiagnosticCode::E201, call.callee.range, "there is no function `" + callee + "`", "",
                 std::move(help));
    return Shape::failed();
  }
  if (callee == "prev") return infer_previous(frame, id, call);
  syntax::Call positional = call;
  std::erase_if(positional.arguments, [](const syntax::Argument& a) { return a.name.valid(); });
  if (!need_arguments(frame, id, positional, builtin->least, builtin->most)) return Shape::failed();
  if (call.primes > 0) {
    reports_.add(DiagnosticCode::E304, range(id), "`'` is the derivative of a function of one real argument",
                 "`" + callee + "` takes " + std::string(builtin->takes),
                 "name it in an equation, and derive that: `jacobian(y, x)`");
    return Shape::failed();
  }
  if (builtin->is_derivative) return infer_derivative(frame, id, call, callee);
  Shape shape;
  for (const syntax::Argument& a : call.arguments) {
    if (!need_number(frame, a.value)) return Shape::failed();
    shape.constant = shape.constant && frame[a.value].shape.constant;
    const std::size_t rank = frame[a.value].shape.rank();
    if (rank < builtin->least_rank || rank > builtin->most_rank) {
      reports_.add(DiagnosticCode::E205, range(a.value),
                   "`" + callee + "` takes " + std::string(builtin->takes),
                   "this is " + shown(frame[a.value].shape.dims),
                   rank > builtin->most_rank ? "subscripts choose a part of a tensor: `A[i]`"
                   : callee == "norm"        ? "the size of a number is `abs(x)`"
                   : callee == "dot"         ? "the product with a number is `*`"
                                             : "");
      return Shape::failed();
    }
  }
  const std::vector<DimId>& first = frame[call.arguments[0].value].shape.dims;
  switch (builtin->result) {
    case BuiltinResult::same: shape.dims = first; break;
    case BuiltinResult::without_last: shape.dims.assign(first.begin(), first.end() - 1); break;
    case BuiltinResult::scalar: break;
    case BuiltinResult::outer:
      for (const syntax::Argument& a : call.arguments) shape.dims.push_back(frame[a.value].shape.dims[0]);
      break;
    case BuiltinResult::diagonal:
      shape.dims = first.size() == 1 ? std::vector<DimId>{first[0], first[0]} : std::vector<DimId>{first[0]};
      break;
  }
  if (callee == "dot" && !elementwise(frame, call.arguments[0].value, call.arguments[1].value, range(id)))
    return Shape::failed();
  if ((callee == "trace" || callee == "diag") && first.size() == 2 && !same_dim(first[0], first[1])) {
    report_dims(range(id), first[0], "the rows", first[1], "the columns",
                "`" + callee + "` takes a square matrix");
    return Shape::failed();
  }
  return shape;
}

}  // namespace gradc::sema
