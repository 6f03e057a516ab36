// Functions as arguments: by name, or with some of their own arguments given (`f(_, y)`). A function that
// takes one is checked and built for each function that it is given; what that one has already is handed on
// as arguments of its own. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fmt/format.h>

#include <algorithm>

#include "compiler/operators/build.h"
#include "compiler/operators/table.h"
#include "compiler/sema/builtins.h"
#include "compiler/sema/checker.h"

namespace gradc::sema {

using namespace syntax;
using gradc::Expr;
using gradc::Type;

namespace {

const Left& left_of(const Program& program, const Entity& function) {
  return std::get<Equation>(program.statements[function.statement].kind).lefts[function.item];
}

}  // namespace

FunctionValue Checker::whole_function(const Entity& function) {
  return {.entity = static_cast<std::size_t>(&function - &names_.all()[0]),
          .given = std::vector<std::optional<Captured>>(left_of(program_, function).parameters.size())};
}

// A parameter that is called in the body is a function.
bool Checker::is_called(const Entity& function, std::size_t parameter) const {
  const Statement& s = program_.statements[function.statement];
  const TextId name = left_of(program_, function).parameters[parameter].name.text;
  for (std::int32_t k = s.first_expr.value; k < s.end_expr.value; ++k)
    if (const auto* call = std::get_if<syntax::Call>(&program_[ExprId{k}].kind);
        call && call->callee.text == name)
      return true;
  return false;
}

void Checker::function_alone(Frame& frame, ExprId id, const std::string& name) {
  if (frame[id].as_argument)
    reports_.add(DiagnosticCode::E213, range(id), "`" + name + "` cannot be handed on",
                 "it takes names, or states", "define a function that calls it, and hand on that one");
  else
    reports_.add(DiagnosticCode::E213, range(id), "a function stands where a number is needed",
                 "`" + name + "` has no arguments here",
                 "call it: `" + name + "(…)`; without arguments it can only be an argument of a function");
}

Checker::Inferred Checker::infer_function_value(Frame& frame, ExprId id, FunctionValue value) {
  if (!frame[id].as_argument) {
    const Name* name = std::get_if<Name>(&program_[id].kind);
    function_alone(frame, id, name ? text(name->name) : "it");
    return Shape::failed();
  }
  if (const Entity* function = value.of_file() ? &names_.all()[value.entity] : nullptr;
      function && result_count(*function) > 1) {
    reports_.add(DiagnosticCode::E213, range(id),
                 fmt::format("`{}` cannot be handed on", text(function->name.text)),
                 fmt::format("it has {} results", result_count(*function)),
                 "define a function that yields the one that is needed, and hand on that one",
                 {{function->name.range, "defined here"}});
    return Shape::failed();
  }
  frame.functions[id.value] = std::move(value);
  return Shape::of_function();
}

// `f(_, y)`: an argument with one argument less.
Checker::Inferred Checker::infer_partial(Frame& frame, ExprId id, const syntax::Call& call) {
  const std::string& callee = program_[call.callee];
  const auto refuse = [&](SourceRange at, const std::string& message, const std::string& help) {
    reports_.add(DiagnosticCode::E212, at, message, "", help);
    return Shape::failed();
  };
  const auto parameter = frame.parameters.find(call.callee.text);
  Entity* entity = parameter == frame.parameters.end() ? names_.find(call.callee.text) : nullptr;
  const bool of_file = entity && entity->kind == EntityKind::function;
  if (!frame[id].as_argument)
    return refuse(range(id), "a call that leaves an argument open is a function, and none is needed here",
                  "such a call stands as an argument of a function of the file");
  if (call.primes > 0 || (!of_file && (parameter == frame.parameters.end() || !parameter->second.function ||
                                       !parameter->second.function->of_file())))
    return refuse(range(id), "only a function of the file leaves arguments open, and not its derivative",
                  "define a function that calls `" + callee + "`, and hand on that one");
  FunctionValue value = of_file ? whole_function(*entity) : *parameter->second.function;
  if (of_file) entity->used = true;
  if (value.primes > 0)
    return refuse(range(id), "a derivative leaves no arguments open", "define a function that calls it");
  if (!need_arguments(frame, id, call, value.open(), value.open())) return Shape::failed();
  std::size_t next = 0;
  for (auto& given : value.given) {
    if (given) continue;
    const ExprId at = call.arguments[next++].value;
    if (std::holds_alternative<Placeholder>(program_[at].kind)) continue;
    if (frame[at].shape.function)
      return refuse(range(at), "a function cannot be given while other arguments stay open",
                    "define a function that calls `" + callee + "`, and hand on that one");
    if (!need_number(frame, at)) return Shape::failed();
    Captured captured{.shape = frame[at].shape, .at = at};
    if (const auto number = literal_value(at)) captured.literal = context_.real(*number);
    if (!captured.literal && captured.shape.literal) {
      captured.shape.literal = false;
      captured.shape.type = Type::real;
    }
    given = std::move(captured);
  }
  return infer_function_value(frame, id, std::move(value));
}

// The function of the file that a parameter stands for; none: it is of the language.
const Entity* Checker::function_of(const Parameter& parameter) {
  const bool of_file = parameter.function && parameter.function->of_file();
  return of_file ? &names_.all()[parameter.function->entity] : nullptr;
}

// `F(x)` where F is a parameter.
Checker::Inferred Checker::infer_parameter_call(Frame& frame, ExprId id, const syntax::Call& call,
                                                const Parameter& parameter) {
  const std::string name = "`" + program_[call.callee] + "`";
  if (!parameter.function) {
    if (!parameter.shape.error)
      reports_.add(DiagnosticCode::E213, call.callee.range,
                   name + " is called as a function, and is none here", "",
                   "subscripts stand in `[ ]`, products need `*`");
    return Shape::failed();
  }
  const FunctionValue& function = *parameter.function;
  if (!need_arguments(frame, id, call, function.open(), function.open())) return Shape::failed();
  const std::uint32_t primes = call.primes + function.primes;
  if (!function.of_file()) {
    syntax::Call of_language = call;
    of_language.primes = primes;
    return infer_language_call(frame, id, of_language, std::string(function.language));
  }
  if (primes > 0 && function.open() != 1) {
    std::vector<Label> notes{{function_of(parameter)->name.range, "which is this function here"}};
    name_call(frame, notes);
    reports_.add(DiagnosticCode::E304, call.callee.range,
                 name + " takes " + std::to_string(function.open()) +
                     " arguments here, and `'` is the derivative of a function of one",
                 "", "", std::move(notes));
    return Shape::failed();
  }
  return instance_for(frame, id, call, primes, names_.all()[function.entity], actuals(frame, call));
}

// A function becomes an argument of another: what it has already gets placeholders there.
bool Checker::hand_over(Frame& frame, ExprId at, FunctionValue& value, std::vector<std::int32_t>& key,
                        const std::string& name) {
  key.insert(key.end(),
             {-2, value.of_file() ? static_cast<std::int32_t>(value.entity) : -1,
              static_cast<std::int32_t>(value.primes), static_cast<std::int32_t>(value.given.size())});
  key.insert(key.end(), value.language.begin(), value.language.end());
  for (auto& given : value.given) {
    key.push_back(given ? 1 : 0);
    if (!given) continue;
    const Shape& shape = given->shape;
    if (std::ranges::any_of(shape.dims, [&](DimId dim) { return is_array_dim(dim); })) {
      reports_.add(DiagnosticCode::E220, range(at), "the dims of this array are not stated", "",
                   "give it a name and dims: a const");
      return false;
    }
    key.insert(key.end(),
               {static_cast<std::int32_t>(shape.type), shape.constant ? 1 : 0,
                given->literal ? given->literal->id : -1, static_cast<std::int32_t>(shape.rank())});
    for (DimId dim : shape.dims) key.push_back(dim.value);
    given->at = {};
    if (!given->literal)
      given->placeholder = context_.add_tensor({.name = name + "_given",
                                                .type = shape.type,
                                                .dims = shape.dims,
                                                .declared = range(at),
                                                .member_of = shape.is_integer() ? shape.member_of : DimId{}});
  }
  (void)frame;
  return true;
}

// What a function as an argument has already, in the frame that calls or hands it on.
Expr Checker::captured_value(Frame& frame, const Captured& captured, const Shape& shape) {
  if (captured.at.valid())
    return shape.is_integer() ? as_integer(frame, captured.at) : as_real(frame, captured.at, shape.dims);
  if (captured.literal)
    return shape.is_integer() ? retyped(captured.literal, Type::integer) : captured.literal;
  std::vector<Expr> axes;
  for (DimId dim : context_.tensor(captured.placeholder).dims)
    axes.push_back(axis_position(axes.size(), dim));
  const Expr value = context_.access(captured.placeholder, axes);
  return value->type == Type::integer && !shape.is_integer() ? to_real(value) : value;
}

// A function may wait for itself only with other functions as arguments, and not without end.
bool Checker::nests_too_deep(const Instance& made, SourceRange use) {
  constexpr int most = 16;
  int depth = 0;
  const auto same = [](const Parameter& a, const Parameter& b) {
    if (!a.function || !b.function) return !a.function && !b.function;
    return a.function->language == b.function->language && a.function->entity == b.function->entity &&
           a.function->primes == b.function->primes;
  };
  for (const auto& waiting : frames_) {
    if (waiting->kind != FrameKind::function) continue;
    const Instance& other = *instances_[waiting->instance];
    if (other.entity != made.entity) continue;
    if (++depth < most && !std::ranges::equal(other.parameters, made.parameters, same)) continue;
    report_recursion(made.entity, use);
    return true;
  }
  return false;
}

}  // namespace gradc::sema
