// Derivatives as the language has them: f'(x), diff, jacobian, hessian, hvp, jvp, vjp. The system made so far
// holds everything that the derived quantity depends on; compiler/diff appends the derivative's equations to
// it. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <set>

#include "compiler/diff/dependence.h"
#include "compiler/diff/derivative.h"
#include "compiler/equations/definition.h"
#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/operators/stated.h"
#include "compiler/sema/checker.h"
#include "compiler/simplify/simplify.h"

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

// That the table knows every derivative which is wanted here.
bool Checker::are_known(const std::optional<UnknownPartial>& unknown, SourceRange at, std::string by) {
  if (!unknown) return true;
  std::vector<Label> notes;
  if (by.empty()) by = context_.tensor(unknown->by).name;
  const SourceRange in = unknown->in.valid() ? context_.tensor(unknown->in).declared : at;
  const bool elsewhere = in.file != at.file || in.begin != at.begin;
  if (in.begin < in.end && elsewhere) notes.push_back({in, "needed here"});
  reports_.add(DiagnosticCode::E308, at, without_partial_message(*unknown, by), "",
               std::string(without_partial_help), std::move(notes));
  return false;
}

// The instance of one order more: the derivative of `which` by its one parameter that is open.
Expr Checker::simplified(Expr scalar) {
  System alone(context_);
  const TensorId value = context_.add_tensor({.name = unused_name("value"), .role = gradc::Role::adjoint});
  alone.add({value, Define{scalar}});
  alone.set_outputs({value});
  const System simple = gradc::simplify(alone);
  return simple.definitions().size() == 1 ? simple.find(value)->define()->value : scalar;
}

std::optional<std::size_t> Checker::derived_instance(std::size_t which, std::size_t parameter,
                                                     SourceRange at) {
  const Instance& base = *instances_[which];
  const Entity& function = names_.all()[base.entity];
  const std::string name = text(function.name.text);
  const auto [place, is_new] = derived_of_.try_emplace({which, parameter}, instances_.size());
  if (!is_new) return place->second;
  const gradc::sema::Parameter& p = base.parameters[parameter];
  const auto refuse = [&](DiagnosticCode code, const std::string& message, const std::string& help = {}) {
    reports_.add(code, at, message, "", help, {{function.name.range, "defined here"}});
    derived_of_.erase({which, parameter});
    return std::nullopt;
  };
  const auto refuse_silently = [&] {
    derived_of_.erase({which, parameter});
    return std::nullopt;
  };
  if (p.shape.is_integer())
    return refuse(DiagnosticCode::E301, "there is no derivative of `" + name + "` by an integer",
                  "only real arguments have derivatives; positions and members count");
  if (base.result.type != Type::real)
    return refuse(DiagnosticCode::E301, "`" + name + "` has no derivative: its value is no real number",
                  "derive a real value that is made of it: `if … then 1 else 0` for a condition");
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
    if (!are_known(unknown_partial(base.body, p.placeholder), at)) return refuse_silently();
    made.body =
        released(by.empty() ? derivative(base.body, p.placeholder) : gradient(base.body, p.placeholder, by));
    if (!made.body) made.body = context_.real(0);
    if (made.result.rank() == 0) made.body = simplified(made.body);  // before it is derived once more
  } else {
    const std::size_t own = system_.definitions().size();
    for (const Definition& definition : base.auxiliary)
      if (!system_.find(definition.tensor)) system_.add(definition);
    Tensor value{.name = unused_name(name), .dims = base.result.dims, .declared = function.name.range};
    IndexMap map;
    for (std::size_t k = 0; k < base.result.rank(); ++k)
      map.emplace_back(axis(k, base.result.dims[k]),
                       context_.position(Index::slot(static_cast<std::int32_t>(k), base.result.dims[k])));
    const TensorId of = context_.add_tensor(std::move(value));
    system_.add(defined(of, substitute(base.body, map), function.name.range));
    if (!are_known(unknown_partial(system_, of, std::span(&p.placeholder, 1)), at)) {
      system_.drop_from(own);
      return refuse_silently();
    }
    const TensorId result = base.result.rank() == 0
                                ? add_adjoints(system_, of, std::span(&p.placeholder, 1))[0]
                                : add_jacobian(system_, of, p.placeholder);
    made.auxiliary.assign(system_.definitions().begin() + static_cast<std::ptrdiff_t>(own),
                          system_.definitions().end());
    system_.drop_from(own);
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

// What it is derived by: a tensor, or elements of it. The axes of its shape stand behind `rank` others.
std::optional<Element> Checker::as_wrt(Frame& frame, ExprId id, std::size_t rank) {
  Expr value = frame[id].value;
  if (value->kind != gradc::ExprKind::access || value->type != Type::real) {
    reports_.add(DiagnosticCode::E302, range(id), "a derivative is taken by something that has a name",
                 "this has none", "name it in an equation of its own; then derive by that name");
    frame.failed = true;
    return std::nullopt;
  }
  IndexMap map;
  const std::vector<DimId>& dims = frame[id].shape.dims;
  for (std::size_t k = 0; k < dims.size(); ++k)
    map.emplace_back(axis(k, dims[k]), axis_position(rank + k, dims[k]));
  value = substitute(value, map);
  return Element{value->tensor, {value->operands.begin(), value->operands.end()}};
}

// A direction or cotangent: a tensor whose last axes are those of its shape. The subscripts before them may
// be indices of the equation.
Element Checker::as_direction(Frame& frame, ExprId id) {
  Expr value = as_real(frame, id);
  const std::vector<DimId>& dims = frame[id].shape.dims;
  const auto is_leading = [&](Expr e) {
    if (e->kind != gradc::ExprKind::access || e->operands.size() < dims.size()) return false;
    const std::size_t lead = e->operands.size() - dims.size();
    for (std::size_t k = 0; k < dims.size(); ++k) {
      if (e->operands[lead + k] != axis_position(k, dims[k])) return false;
      for (std::size_t j = 0; j < lead; ++j)
        if (e->operands[j]->depends_on(axis(k, dims[k]))) return false;
    }
    return true;
  };
  if (!is_leading(value)) value = named(frame, value, dims, frame.name + "_direction");
  return {value->tensor,
          {value->operands.begin(), value->operands.end() - static_cast<std::ptrdiff_t>(dims.size())}};
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

namespace {

// The indices of some subscripts as slots 0, 1, … in order of first use.
struct Slots {
  std::vector<Index> indices;

  void take(std::span<const Expr> at) {
    for (Expr e : at)
      for (Index index : e->free)
        if (std::ranges::find(indices, index) == indices.end()) indices.push_back(index);
  }
};

void add_to_key(std::vector<std::int32_t>& key, const Element& element) {
  key.push_back(element.tensor.value);
  for (Expr e : element.at) key.push_back(e->id);
}

}  // namespace

Element Checker::derive(Frame& frame, const Element& of, const Element& wrt, Mode mode,
                        std::span<const TensorId> together) {
  const bool in_function = sema::in_function(frame);
  const auto depends = [](Expr e) { return !e->free.empty(); };
  const bool by_number = !wrt.at.empty() && std::ranges::none_of(wrt.at, depends);
  if (of.at.empty() && !by_number && mode != Mode::forward) {
    // One reverse sweep from a scalar has all elements; those that are wanted are read from it.
    std::vector<std::int32_t> key{of.tensor.value, -1, wrt.tensor.value};
    if (const auto known = derivatives_.find(key); known != derivatives_.end())
      return {known->second, wrt.at};
    std::vector<TensorId> all{wrt.tensor};
    if (!in_function && !together.empty()) all.assign(together.begin(), together.end());
    std::erase_if(all, [&](const TensorId& t) {  // told where that one is asked for
      return t != wrt.tensor && unknown_partial(system_, of.tensor, std::span(&t, 1));
    });
    const std::vector<TensorId> made = add_adjoints(system_, of.tensor, all);
    if (!in_function)
      for (std::size_t j = 0; j < all.size(); ++j)
        derivatives_[{of.tensor.value, -1, all[j].value}] = made[j];
    return {made[0], wrt.at};
  }
  Slots slots;
  slots.take(of.at);
  slots.take(wrt.at);
  const SlottedElements made = slotted(frame, slots.indices, {of, wrt});
  std::vector<std::int32_t> key{static_cast<std::int32_t>(mode)};
  add_to_key(key, made.elements[0]);
  add_to_key(key, made.elements[1]);
  const auto known = derivatives_.find(key);
  const TensorId result =
      known != derivatives_.end()
          ? known->second
          : add_element_derivative(system_, made.elements[0], made.elements[1], made.dims, made.names, mode);
  if (!in_function) derivatives_[key] = result;
  return {result, made.positions};
}

Element Checker::derive_along(Frame& frame, const Element& of, TensorId wrt, const Element& direction) {
  Slots slots;
  slots.take(of.at);
  slots.take(direction.at);
  const SlottedElements made = slotted(frame, slots.indices, {of, direction});
  return {add_element_tangent(system_, made.elements[0], wrt, made.elements[1], made.dims, made.names),
          made.positions};
}

// The same elements over slots, which stand for these indices.
Checker::SlottedElements Checker::slotted(Frame& frame, std::span<const Index> indices,
                                          std::vector<Element> elements) {
  SlottedElements result{std::move(elements), {}, {}, {}};
  IndexMap map;
  for (Index index : indices) {
    const DimId dim = index.dim.valid() ? index.dim : range_dim(frame, index);
    map.emplace_back(index, context_.position(Index::slot(static_cast<std::int32_t>(map.size()), dim)));
    result.dims.push_back(dim);
    result.positions.push_back(context_.position(index));
    const auto variable = std::ranges::find(frame.variables, index, &IndexVariable::index);
    result.names.push_back(variable == frame.variables.end() ? "" : text(variable->name.text));
  }
  for (Element& element : result.elements)
    for (Expr& at : element.at) at = substitute(at, map);
  return result;
}

// Σ u·z over the axes of z.
Element Checker::product_with(Frame& frame, ExprId of, const Element& element, const Element& direction) {
  const std::vector<DimId>& dims = frame[of].shape.dims;
  std::vector<gradc::Binder> binders;
  IndexMap map;
  std::vector<Expr> at = direction.at;
  for (std::size_t k = 0; k < dims.size(); ++k) {
    binders.push_back(context_.over(dims[k]));
    at.push_back(context_.position(binders.back().index));
    map.emplace_back(axis(k, dims[k]), at.back());
  }
  const Expr product =
      context_.access(direction.tensor, at) * substitute(context_.access(element.tensor, element.at), map);
  const Expr total = named(frame, binders.empty() ? product : sum(binders, context_.boolean(true), product),
                           {}, frame.name + "_product");
  return {total->tensor, {total->operands.begin(), total->operands.end()}};
}

// The equations of a function stand in the system while a derivative is made from them.
void Checker::in_system(Frame& frame, const std::function<void()>& derive) {
  if (!in_function(frame)) return derive();
  const std::size_t before = system_.definitions().size();
  for (const Definition& definition : frame.auxiliary)
    if (!system_.find(definition.tensor)) system_.add(definition);
  frame.in_system = true;
  derive();
  frame.in_system = false;
  frame.auxiliary.assign(system_.definitions().begin() + static_cast<std::ptrdiff_t>(before),
                         system_.definitions().end());
  system_.drop_from(before);
}

Expr Checker::build_derivative(Frame& frame, const syntax::Call& call, const std::string& callee) {
  Expr result;
  in_system(frame, [&] { result = build_derivative_in(frame, call, callee); });
  return result;
}

// What is computed across the batch on the way from this tensor; invalid if there is nothing.
TensorId Checker::reached_statistic(TensorId of) const {
  if (model_.statistics.empty()) return {};
  const System needed = reachable(system_, {of});
  for (const Definition& d : needed.definitions())
    if (std::ranges::find(model_.statistics, d.tensor) != model_.statistics.end()) return d.tensor;
  return {};
}

Expr Checker::build_derivative_in(Frame& frame, const syntax::Call& call, const std::string& callee) {
  const auto [arguments, mode] = derivative_call(call);
  const auto access = [&](const Element& e) { return context_.access(e.tensor, e.at); };
  const Expr value = as_access(frame, arguments[0], frame.name + "_of");
  Element of{value->tensor, {value->operands.begin(), value->operands.end()}};
  if (const TensorId across = reached_statistic(of.tensor); across.valid()) {
    reports_.add(DiagnosticCode::E434, range(arguments[0]),
                 "this depends on every example of the batch, through `" + context_.tensor(across).name + "`",
                 "an equation speaks of one example",
                 "`gradc diff`, `gradc eval` and `gradc train` differentiate the batch as a whole",
                 {{context_.tensor(across).declared, "here the batch is reduced"}});
    frame.failed = true;
    return context_.real(0);
  }
  const auto has_derivative = [&](const std::optional<Element>& wrt, ExprId by) {
    if (!wrt) return false;
    const bool has = are_known(unknown_partial(system_, of.tensor, std::span(&wrt->tensor, 1)), range(by));
    frame.failed = frame.failed || !has;
    return has;
  };
  std::size_t rank = frame[arguments[0]].shape.rank();
  if (callee == "vjp") {
    const auto wrt = as_wrt(frame, arguments[1], 0);
    return has_derivative(wrt, arguments[1])
               ? access(derive_product(frame, arguments[0], of, *wrt, as_direction(frame, arguments[2])))
               : context_.real(0);
  }
  if (callee == "jvp" || callee == "hvp") {
    const auto wrt = as_wrt(frame, arguments[1], rank);
    if (!has_derivative(wrt, arguments[1])) return context_.real(0);
    const Element direction = as_direction(frame, arguments[2]);
    if (callee == "hvp") {
      of = derive(frame, of, *wrt, Mode::cheapest);
      if (!has_derivative(wrt, arguments[1])) return context_.real(0);
    }
    return access(derive_along(frame, of, wrt->tensor, direction));
  }
  std::vector<ExprId> by(arguments.begin() + 1, arguments.end());
  if (callee == "hessian" && by.size() == 1) by.push_back(by[0]);
  for (std::size_t k = 0; k < by.size(); ++k) {
    const auto wrt = as_wrt(frame, by[k], rank);
    if (!has_derivative(wrt, by[k])) return context_.real(0);
    const std::vector<TensorId> together =
        k == 0 && !in_function(frame) ? wrts_of(arguments[0], wrt->tensor) : std::vector<TensorId>{};
    // The first of several derivatives of a scalar is its gradient whatever the mode; the mode is that of
    // what follows.
    const bool first_of_many = k == 0 && by.size() > 1;
    of = derive(frame, of, *wrt, first_of_many ? Mode::cheapest : mode, together);
    rank += frame[by[k]].shape.rank();
  }
  return access(of);
}

// Σ u·∂z/∂x: the gradient of the product with u held. A direction that moves with x has a stand-in while the
// gradient is made, and its place afterwards, so that the product's own derivative moves with it too.
Element Checker::derive_product(Frame& frame, ExprId id, const Element& of, const Element& wrt,
                                const Element& direction) {
  Element held = direction;
  const System needed = reachable(system_, {direction.tensor});
  const bool moves =
      direction.tensor == wrt.tensor || varied_tensors(needed, {wrt.tensor}).contains(direction.tensor);
  if (moves) {
    Tensor stand_in = context_.tensor(direction.tensor);
    stand_in.name = context_.unused_name(stand_in.name + "_held");
    stand_in.role = gradc::Role::seed;
    held.tensor = context_.add_tensor(std::move(stand_in));
  }
  const std::size_t before = system_.definitions().size();
  const Element result = derive(frame, product_with(frame, id, of, held), wrt, Mode::reverse);
  if (!moves) return result;
  const std::vector<Definition> made(system_.definitions().begin() + static_cast<std::ptrdiff_t>(before),
                                     system_.definitions().end());
  system_.drop_from(before);
  RewriteMemo memo;
  const auto moving = [&](Expr e) {
    return rewrite(
        e,
        [&](Expr node) {
          return node->kind == gradc::ExprKind::access && node->tensor == held.tensor
                     ? context_.access(direction.tensor, node->arguments())
                     : node;
        },
        memo);
  };
  for (const Definition& definition : made) system_.add(mapped(definition, moving));
  return result;
}

}  // namespace gradc::sema
