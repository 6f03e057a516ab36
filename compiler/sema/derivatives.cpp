// Derivatives as the language has them: f'(x), diff, jacobian, hessian, hvp, jvp, vjp. The system made so far
// holds everything that the derived quantity depends on; compiler/diff appends the derivative's equations to
// it. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/diff/dependence.h"
#include "compiler/diff/derivative.h"

#include <algorithm>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/sema/checker.h"

namespace gradc::sema {

using namespace syntax;
using gradc::Expr;
using gradc::Type;

namespace {

Definition defined(TensorId tensor, Expr value, SourceRange at) {
  Definition definition{.tensor = {}, .rule = Define{value}, .origin = {.range = at}};
  definition.tensor = tensor;
  return definition;
}

}  // namespace

// The instance of one order more: the derivative of `which` by its one parameter.
std::optional<std::size_t> Checker::derived_instance(std::size_t which, SourceRange at) {
  const Instance& base = *instances_[which];
  const Entity& function = names_.all()[base.entity];
  const std::string name = text(function.name.text);
  const auto [place, is_new] = derived_of_.try_emplace(which, instances_.size());
  if (!is_new) return place->second;
  const gradc::sema::Parameter& p = base.parameters[0];
  const auto refuse = [&](DiagnosticCode code, const std::string& message) {
    reports_.add(code, at, message, "", "", {{function.name.range, "defined here"}});
    derived_of_.erase(which);
    return std::nullopt;
  };
  if (p.shape.is_integer())
    return refuse(DiagnosticCode::E301, "there is no derivative of `" + name + "` by an integer");
  if (base.result.type != Type::real)
    return refuse(DiagnosticCode::E301, "`" + name + "` has no derivative: its value is no real number");
  Instance made{.entity = base.entity,
                .derivative = base.derivative + 1,
                .progress = Progress::done,
                .parameters = base.parameters,
                .result = base.result};
  made.result.dims.insert(made.result.dims.end(), p.shape.dims.begin(), p.shape.dims.end());
  made.auxiliary = base.auxiliary;
  std::vector<Expr> by;
  for (std::size_t k = 0; k < p.shape.rank(); ++k)
    by.push_back(axis_position(base.result.rank() + k, p.shape.dims[k]));
  if (base.auxiliary.empty()) {
    made.body = by.empty() ? derivative(base.body, p.placeholder) : gradient(base.body, p.placeholder, by);
    if (!made.body) made.body = context_.real(0);
  } else {
    System system = system_;
    for (const Definition& definition : base.auxiliary) system.add(definition);
    const std::size_t own = system_.definitions().size();
    Tensor value{.name = unused_name(name), .dims = base.result.dims, .declared = function.name.range};
    IndexMap map;
    for (std::size_t k = 0; k < base.result.rank(); ++k)
      map.emplace_back(axis(k, base.result.dims[k]),
                       context_.position(Index::slot(static_cast<std::int32_t>(k), base.result.dims[k])));
    const TensorId of = context_.add_tensor(std::move(value));
    system.add(defined(of, substitute(base.body, map), function.name.range));
    const TensorId result = base.result.rank() == 0
                                ? add_adjoints(system, of, std::span(&p.placeholder, 1))[0]
                                : add_jacobian(system, of, p.placeholder);
    made.auxiliary.assign(system.definitions().begin() + static_cast<std::ptrdiff_t>(own),
                          system.definitions().end());
    std::vector<Expr> axes;
    for (std::size_t k = 0; k < made.result.rank(); ++k)
      axes.push_back(axis_position(k, made.result.dims[k]));
    made.body = context_.access(result, axes);
  }
  instances_.push_back(std::make_unique<Instance>(std::move(made)));
  return instances_.size() - 1;
}

// What is derived, as an access: by itself where it is one, else behind a name of its own.
Expr Checker::as_access(Frame& frame, ExprId id, const std::string& stem) {
  const Expr value = as_real(frame, id);
  const bool has_definition =
      value->kind == gradc::ExprKind::access && value->type == Type::real && system_.find(value->tensor);
  return has_definition ? value : named(frame, value, frame[id].shape.dims, stem);
}

// A tensor with exactly the dims of the value: a direction, a cotangent.
TensorId Checker::as_tensor(Frame& frame, ExprId id, const std::string& stem) {
  const Expr value = as_real(frame, id);
  const std::vector<DimId>& dims = frame[id].shape.dims;
  bool is_whole = value->kind == gradc::ExprKind::access && value->operands.size() == dims.size();
  for (std::size_t k = 0; is_whole && k < dims.size(); ++k)
    is_whole = value->operands[k] == axis_position(k, dims[k]);
  if (is_whole) return value->tensor;
  const Expr made = named(frame, value, dims, stem);
  return made->operands.size() == dims.size() ? made->tensor : TensorId{};
}

TensorId Checker::wrt_tensor(const Frame& frame, ExprId id) {
  if (const auto* subscript = std::get_if<Subscript>(&program_[id].kind)) id = subscript->base;
  const TextId name = std::get<Name>(program_[id].kind).name;
  if (auto parameter = frame.parameters.find(name); parameter != frame.parameters.end())
    return parameter->second.placeholder;
  const Entity* entity = names_.find(name);
  return entity ? entity->tensor : TensorId{};
}

// Every `diff(of, NAME)` of the file for the same scalar is made in one go: one reverse sweep serves them
// all.
std::vector<TensorId> Checker::wrts_of(ExprId of, TensorId first) {
  std::vector<TensorId> result{first};
  const Name* wanted = std::get_if<Name>(&program_[of].kind);
  if (!wanted) return result;
  for (const Statement& statement : program_.statements) {
    const auto* equation = std::get_if<Equation>(&statement.kind);
    if (!equation || equation->lefts[0].is_function) continue;
    const auto* call = std::get_if<syntax::Call>(&program_[equation->value].kind);
    if (!call || program_[call->callee] != "diff" || call->arguments.size() != 2) continue;
    const Name* same = std::get_if<Name>(&program_[call->arguments[0].value].kind);
    const Name* by = std::get_if<Name>(&program_[call->arguments[1].value].kind);
    const Entity* entity = same && by && same->name == wanted->name ? names_.find(by->name) : nullptr;
    if (!entity || !entity->tensor.valid() || entity->shape.error || entity->shape.type != Type::real)
      continue;
    if (std::ranges::find(result, entity->tensor) == result.end()) result.push_back(entity->tensor);
  }
  return result;
}

Expr Checker::build_derivative(Frame& frame, ExprId id, const syntax::Call& call, const std::string& callee) {
  const bool in_function = frame.kind == FrameKind::function;
  Expr of = as_access(frame, call.arguments[0].value, frame.name + "_of");
  const ExprId by = call.arguments[1].value;
  const TensorId wrt = wrt_tensor(frame, by);
  TensorId direction, stand_in;
  if (callee == "hvp" || callee == "jvp" || callee == "vjp") {
    direction = as_tensor(frame, call.arguments[2].value, frame.name + "_direction");
    if (!direction.valid()) {
      not_yet(DiagnosticCode::E912, range(call.arguments[2].value),
              "a direction that depends on the indices of its equation");
      frame.failed = true;
      return context_.real(0);
    }
  }
  std::vector<Expr> subscripts(of->operands.begin(), of->operands.end());
  if (callee == "vjp") {
    // Σ u·z with u held: its gradient is the product. A direction that moves with wrt has a stand-in while
    // the gradient is made, and its place afterwards, so that the product's own derivative moves with it too.
    if (varied_tensors(system_, {wrt}).contains(direction)) {
      Tensor held = context_.tensor(direction);
      held.name = context_.unused_name(held.name + "_held");
      held.role = gradc::Role::seed;
      stand_in = context_.add_tensor(std::move(held));
    }
    std::vector<gradc::Binder> binders;
    std::vector<Expr> at;
    for (DimId dim : frame[call.arguments[0].value].shape.dims) {
      binders.push_back(context_.over(dim));
      at.push_back(context_.position(binders.back().index));
    }
    const Expr z = element(of, frame[call.arguments[0].value].shape.dims, at);
    const Expr product = context_.access(stand_in.valid() ? stand_in : direction, at) * z;
    of = named(frame, binders.empty() ? product : sum(binders, context_.boolean(true), product), {},
               frame.name + "_product");
    subscripts.assign(of->operands.begin(), of->operands.end());
  }
  System system = in_function ? system_ : std::move(system_);
  if (in_function)
    for (const Definition& definition : frame.auxiliary) system.add(definition);
  const std::size_t before = system.definitions().size();
  const bool scalar = context_.tensor(of->tensor).rank() == 0;
  TensorId result;
  if (callee == "hvp") {
    result = add_hessian_product(system, of->tensor, wrt, direction);
  } else if (callee == "jvp") {
    result = add_tangent(system, of->tensor, wrt, direction);
  } else if (callee == "hessian") {
    result = add_hessian(system, of->tensor, wrt,
                         call.arguments.size() > 2 ? wrt_tensor(frame, call.arguments[2].value) : wrt);
  } else if (callee == "diff" && scalar && call.arguments.size() == 3) {
    result = add_hessian(system, of->tensor, wrt, wrt_tensor(frame, call.arguments[2].value));
  } else {
    result = of->tensor;
    for (std::size_t k = 1; k < (callee == "vjp" ? 2 : call.arguments.size()); ++k) {
      const TensorId next = wrt_tensor(frame, call.arguments[k].value);
      const auto known = in_function ? derivatives_.end() : derivatives_.find({result, next});
      if (known != derivatives_.end()) {
        result = known->second;
      } else if (context_.tensor(result).rank() == 0) {
        const std::vector<TensorId> all =
            in_function || k > 1 ? std::vector<TensorId>{next} : wrts_of(call.arguments[0].value, next);
        const std::vector<TensorId> made = add_adjoints(system, result, all);
        if (!in_function)
          for (std::size_t j = 0; j < all.size(); ++j) derivatives_[{result, all[j]}] = made[j];
        result = made[0];
      } else {
        result = add_jacobian(system, result, next);
      }
    }
  }
  const auto moving = [&](const Definition& definition) {
    Definition result_definition = definition;
    if (auto* define = std::get_if<Define>(&result_definition.rule))
      define->value = rewrite(define->value, [&](Expr e) {
        return e->kind == gradc::ExprKind::access && e->tensor == stand_in
                   ? context_.access(direction, e->arguments())
                   : e;
      });
    return result_definition;
  };
  if (stand_in.valid()) {
    System moved(context_);
    for (const Definition& definition : system.definitions()) moved.add(moving(definition));
    moved.set_outputs(system.outputs());
    system = std::move(moved);
    for (Definition& definition : frame.auxiliary) definition = moving(definition);
  }
  if (in_function)
    frame.auxiliary.insert(frame.auxiliary.end(),
                           system.definitions().begin() + static_cast<std::ptrdiff_t>(before),
                           system.definitions().end());
  else
    system_ = std::move(system);

  // The axes of what it is taken by: whole, or the element that is named.
  const std::size_t of_rank =
      callee == "hvp" || callee == "vjp" ? 0 : frame[call.arguments[0].value].shape.rank();
  const Tensor& tensor = context_.tensor(result);
  std::size_t free_axis = of_rank;
  for (std::size_t k = 1; k < call.arguments.size() && callee != "jvp"; ++k) {
    const ExprId at = call.arguments[k].value;
    if (const auto* subscript = std::get_if<Subscript>(&program_[at].kind))
      for (ExprId which : subscript->subscripts) subscripts.push_back(as_integer(frame, which));
    for (std::size_t j = 0; j < frame[at].shape.rank(); ++j)
      subscripts.push_back(axis_position(free_axis++, tensor.dims[subscripts.size()]));
    if (callee == "hvp" || callee == "vjp") break;
  }
  while (subscripts.size() < tensor.rank())
    subscripts.push_back(axis_position(free_axis++, tensor.dims[subscripts.size()]));
  (void)id;
  return context_.access(result, subscripts);
}

}  // namespace gradc::sema
