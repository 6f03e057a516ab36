// Functions of the file: checked and built once for each set of argument dims and types, then put in place of
// their calls. A parameter stands as a placeholder tensor, so that an instance can be differentiated before
// it is used. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/sema/builtins.h"
#include "compiler/sema/checker.h"
#include "compiler/sema/children.h"
#include "compiler/support/check.h"

namespace gradc::sema {

using namespace syntax;
using gradc::Expr;
using gradc::Type;

namespace {

const Left& left_of(const Program& program, const Entity& function) {
  return std::get<Equation>(program.statements[function.statement].kind).lefts[function.item];
}

}  // namespace

// A number as it may be written for an argument: 2, -1, 1/2.
std::optional<Rational> Checker::literal_value(ExprId id) const {
  if (const auto* n = std::get_if<Number>(&program_[id].kind)) return Rational::parse(text(n->text));
  if (const auto* u = std::get_if<Unary>(&program_[id].kind); u && u->op == UnaryOp::negate)
    if (const auto* n = std::get_if<Number>(&program_[u->operand].kind))
      return -*Rational::parse(text(n->text));
  return std::nullopt;
}

// Whether a function takes derivatives inside: then even a number is passed as something that can vary.
bool Checker::differentiates(const Entity& function) const {
  const Statement& s = program_.statements[function.statement];
  for (std::int32_t k = s.first_expr.value; k < s.end_expr.value; ++k)
    if (const auto* call = std::get_if<syntax::Call>(&program_[ExprId{k}].kind))
      if (const Builtin* b = find_builtin(program_[call->callee]); b && b->is_derivative) return true;
  return false;
}

Checker::Inferred Checker::infer_user_call(Frame& frame, ExprId id, const syntax::Call& call,
                                           Entity& function) {
  const Left& left = left_of(program_, function);
  const std::string& name = text(function.name.text);
  if (!need_arguments(frame, id, call, left.parameters.size(), left.parameters.size()))
    return Shape::failed();
  if (const std::size_t count = result_count(function); count > 1 && !frame[id].several) {
    std::string names;
    for (std::size_t k = 0; k < count; ++k) names += (k == 0 ? "" : ", ") + std::string(1, "abcdefgh"[k % 8]);
    reports_.add(DiagnosticCode::E225, range(id),
                 "`" + name + "` has " + std::to_string(count) + " results, and one value is needed here", "",
                 "name them first, in an equation or a `where`: `(" + names + ") = " + name + "(…)`",
                 {{function.name.range, "defined here"}});
    return Shape::failed();
  }
  if (call.primes > 0 && result_count(function) > 1) {
    reports_.add(DiagnosticCode::E304, call.callee.range,
                 "`" + name + "'` is the derivative of a function with one result, and `" + name + "` has " +
                     std::to_string(result_count(function)),
                 "", "name its results and take `diff` of each", {{function.name.range, "defined here"}});
    return Shape::failed();
  }
  if (call.primes > 0 && left.parameters.size() != 1) {
    reports_.add(DiagnosticCode::E304, call.callee.range,
                 "`" + name + "'` is the derivative of a function of one argument, and `" + name + "` has " +
                     std::to_string(left.parameters.size()),
                 "", "`diff(" + name + "(…), x)` says by which", {{function.name.range, "defined here"}});
    return Shape::failed();
  }
  return instance_for(frame, id, call, call.primes, function, actuals(frame, call));
}

// In the order of the parameters of what is called: a function of the file, by itself or as an argument.
std::vector<Checker::Actual> Checker::actuals(const Frame& frame, const syntax::Call& call) const {
  std::vector<Actual> result;
  const auto parameter = frame.parameters.find(call.callee.text);
  if (parameter == frame.parameters.end()) {
    for (const syntax::Argument& a : call.arguments) result.push_back({a.value, nullptr});
    return result;
  }
  std::size_t next = 0;
  for (const auto& given : parameter->second.function->given)
    result.push_back(given ? Actual{{}, &*given} : Actual{call.arguments[next++].value, nullptr});
  return result;
}

// f(x, k) inside of what is said of f(x, k).
bool Checker::are_parameters(const Left& left, const std::vector<Actual>& arguments) const {
  for (std::size_t k = 0; k < arguments.size(); ++k) {
    const auto* name = arguments[k].captured ? nullptr : std::get_if<Name>(&program_[arguments[k].at].kind);
    if (!name || name->name != left.parameters[k].name.text) return false;
  }
  return true;
}

Checker::Inferred Checker::instance_for(Frame& frame, ExprId id, const syntax::Call& call,
                                        std::uint32_t primes, Entity& function,
                                        const std::vector<Actual>& arguments) {
  const Left& left = left_of(program_, function);
  const std::string& name = text(function.name.text);
  Instance made;
  made.entity = static_cast<std::size_t>(&function - names_.all().data());
  // A derivative may speak of the function's own value, for whatever arguments it is derived.
  const bool of_own =
      frame.kind == FrameKind::stated && primes == 0 && instances_[frame.instance]->entity == made.entity;
  if (of_own && are_parameters(left, arguments)) {
    frame[id].instance = static_cast<std::int32_t>(frame.instance);
    return instances_[frame.instance]->result;
  }
  bool scalars =
      std::ranges::all_of(left.parameters, [](const syntax::Parameter& p) { return p.axes.empty(); });
  for (const Actual& a : arguments) scalars = scalars && !(a.captured && a.captured->shape.rank() > 0);
  const bool literals = primes == 0 && !differentiates(function);
  bool good = true;
  std::unordered_map<TextId, DimId> generic;
  std::vector<std::int32_t> key{static_cast<std::int32_t>(made.entity), frame[id].integer ? 1 : 0};
  Shape lifted = Shape::scalar(Type::real);
  std::optional<ExprId> first;  // argument that is an expression
  std::size_t open = 0;         // the parameter that it, or the last one, is for
  // `K` of `f(y in K, z[K])`, whichever of the two comes first.
  const auto generic_dim = [&](TextId dim) -> std::optional<DimId> {
    if (names_.find(dim)) return std::nullopt;
    for (std::size_t k = 0; k < left.parameters.size(); ++k) {
      const std::vector<ExprId>& axes = left.parameters[k].axes;
      const Shape& argument =
          arguments[k].captured ? arguments[k].captured->shape : frame[arguments[k].at].shape;
      for (std::size_t j = 0; j < axes.size() && axes.size() == argument.rank(); ++j)
        if (const Name* axis = std::get_if<Name>(&program_[axes[j]].kind); axis && axis->name == dim)
          return argument.dims[j];
    }
    return std::nullopt;
  };
  for (std::size_t k = 0; k < left.parameters.size(); ++k) {
    const syntax::Parameter& p = left.parameters[k];
    const Captured* captured = arguments[k].captured;
    const ExprId at = captured ? id : arguments[k].at;
    const Shape& argument = captured ? captured->shape : frame[at].shape;
    if (!captured) open = k;
    const std::string of = "`" + text(p.name.text) + "` of `" + name + "`";
    if (argument.function || (!captured && is_called(function, k))) {
      const bool fits = argument.function && p.axes.empty() && !p.member_of.valid();
      FunctionValue value = argument.function ? frame.functions.at(at.value) : FunctionValue{};
      if (!fits)
        reports_.add(DiagnosticCode::E213, range(at),
                     argument.function ? of + " is no function, and this is one"
                                       : of + " is called as a function, and this is none",
                     "", "", {{p.name.range, "the parameter"}});
      good = fits && hand_over(frame, at, value, key, text(p.name.text)) && good;
      made.parameters.push_back({.shape = Shape::of_function(), .function = std::move(value)});
      continue;
    }
    if (argument.is_condition()) {
      reports_.add(DiagnosticCode::E213, range(at), "a condition stands where a number is needed",
                   "this is true or false");
      good = false;
      continue;
    }
    gradc::sema::Parameter parameter{.shape = argument};
    if (p.axes.empty() && scalars) {
      if (!captured) {
        if (!first) first = at;
        const auto dims = elementwise(frame, *first, at, range(at));
        good = good && dims;
        if (dims && lifted.dims.empty()) lifted.dims = *dims;
        parameter.shape.dims.clear();
      }
    } else if (p.axes.size() != argument.rank()) {
      reports_.add(DiagnosticCode::E205, range(at),
                   of +
                       (p.axes.empty() ? " is a scalar"
                                       : " has " + std::to_string(p.axes.size()) +
                                             (p.axes.size() == 1 ? " axis" : " axes")) +
                       ", and this is " + shown(argument.dims),
                   "", "", {{p.name.range, "the parameter"}});
      good = false;
      continue;
    }
    for (std::size_t j = 0; j < p.axes.size(); ++j) {
      const Name* axis_name = std::get_if<Name>(&program_[p.axes[j]].kind);
      Entity* declared = axis_name ? names_.find(axis_name->name) : nullptr;
      DimId wanted = argument.dims[j];
      if (!axis_name || declared) {
        const auto dim = axis_dim(p.axes[j], "an axis of " + of);
        good = good && dim;
        if (!dim) continue;
        wanted = *dim;
      } else {
        auto [entry, is_new] = generic.try_emplace(axis_name->name, wanted);
        if (is_array_dim(entry->second)) entry->second = wanted;
        wanted = entry->second;
      }
      if (!same_dim(wanted, argument.dims[j])) {
        report_dims(
            range(at), wanted, of, argument.dims[j], shown(at, "the argument"),
            declared ? "" : "`" + text(axis_name->name) + "` is `" + dim_name(wanted) + "` in this call", "",
            {{p.name.range, "the parameter"}});
        good = false;
      } else if (is_array_dim(wanted)) {
        reports_.add(DiagnosticCode::E220, range(at),
                     "the dims of this array cannot be told from `" + name + "`", "",
                     "give it a name and dims: a const");
        good = false;
      }
      parameter.shape.dims[j] = wanted;
    }
    if (p.member_of.valid()) {
      const auto dim =
          generic_dim(p.member_of.text) ? generic_dim(p.member_of.text) : dim_named(p.member_of, of);
      const Name* index = captured ? nullptr : std::get_if<Name>(&program_[at].kind);
      IndexVariable* variable = index ? frame.variable(frame[at].scope, index->name) : nullptr;
      const bool whole = captured && argument.is_integer() && argument.dims.empty();
      if (!dim || (!whole && !need_integer(frame, at, "a member of a dim")))
        good = false;
      else if (variable)
        variable->uses.push_back({*dim, range(at), of});
      else if (argument.member_of.valid() && argument.member_of != *dim) {
        report_dims(range(at), *dim, of, argument.member_of, shown(at, "the argument"));
        good = false;
      }
      if (dim) parameter.shape.member_of = *dim;
      parameter.shape.literal = false;
    } else if (argument.literal) {
      const auto value = captured ? std::nullopt : literal_value(at);
      if (literals && (value || (captured && captured->literal))) {
        parameter.literal = captured ? captured->literal : context_.real(*value);
      } else {
        parameter.shape.literal = false;
        parameter.shape.type = Type::real;
      }
    }
    if (parameter.shape.type == Type::integer && !p.member_of.valid())
      parameter.shape.member_of = argument.member_of;
    // f'(i): the derivative at the number i, not by the index.
    if (primes > 0 && parameter.shape.is_integer() && !parameter.shape.member_of.valid())
      parameter.shape.type = Type::real;
    key.insert(key.end(), {static_cast<std::int32_t>(parameter.shape.type), parameter.shape.constant ? 1 : 0,
                           parameter.literal ? parameter.literal->id : -1,
                           static_cast<std::int32_t>(parameter.shape.rank())});
    for (DimId dim : parameter.shape.dims) key.push_back(dim.value);
    made.parameters.push_back(std::move(parameter));
  }
  if (!good || (!instance_of_.contains(key) && nests_too_deep(made, call.callee.range)))
    return Shape::failed();

  auto [place, is_new] = instance_of_.try_emplace(key, instances_.size());
  if (is_new) {
    for (std::size_t k = 0; k < made.parameters.size(); ++k) {
      gradc::sema::Parameter& p = made.parameters[k];
      if (p.literal || p.function) continue;
      const Spelled& spelled = left.parameters[k].name;
      p.placeholder = context_.add_tensor({.name = text(spelled.text),
                                           .role = gradc::Role::seed,  // for claims: given
                                           .type = p.shape.type,
                                           .dims = p.shape.dims,
                                           .declared = spelled.range,
                                           .member_of = p.shape.is_integer() ? p.shape.member_of : DimId{}});
    }
    instances_.push_back(std::make_unique<Instance>(std::move(made)));
  }
  std::size_t instance = place->second;
  if (instances_[instance]->progress == Progress::active && !(of_own && frame.instance == instance)) {
    report_recursion(instances_[instance]->entity, call.callee.range);
    return Shape::failed();
  }
  if (instances_[instance]->progress == Progress::untouched) {
    start_function(instance, generic, frame[id].integer, range(id));
    return std::nullopt;
  }
  if (primes > 0 && !instances_[instance]->result.error)
    for (std::uint32_t k = 0; k < primes; ++k) {
      const auto derived = derived_instance(instance, open, call.callee.range);
      if (!derived) return Shape::failed();
      instance = *derived;
    }
  frame[id].instance = static_cast<std::int32_t>(instance);
  Shape result = instances_[instance]->result;
  if (result.error || lifted.dims.empty()) return result;
  if (result.rank() > 0) {
    reports_.add(DiagnosticCode::E205, range(id),
                 "`" + name + "` takes scalars and yields " + shown(result.dims) +
                     ": it cannot be applied element by element");
    return Shape::failed();
  }
  frame[id].lifted = true;
  result.dims = lifted.dims;
  return result;
}

void Checker::report_recursion(std::size_t function, SourceRange use) {
  std::string path;
  bool inside = false;
  for (const auto& frame : frames_) {
    if (frame->kind != FrameKind::function) continue;
    inside = inside || instances_[frame->instance]->entity == function;
    if (inside) path += "`" + frame->name + "` → ";
  }
  const Entity& entity = names_.all()[function];
  const std::string name = text(entity.name.text);
  reports_.add(DiagnosticCode::E211, use, "`" + name + "` calls itself: " + path + "`" + name + "`",
               "here the circle closes", "a function is put in place of its calls; it cannot call itself",
               {{entity.name.range, "defined here"}});
}

void Checker::start_function(std::size_t which, const std::unordered_map<TextId, DimId>& generic,
                             bool integer, std::optional<SourceRange> called) {
  Instance& instance = *instances_[which];
  instance.progress = Progress::active;
  const Entity& function = names_.all()[instance.entity];
  const auto& equation = std::get<Equation>(program_.statements[function.statement].kind);
  const Left& left = equation.lefts[function.item];
  Frame& frame = new_frame(FrameKind::function, function.statement);
  frame.instance = which;
  frame.name = text(function.name.text);
  frame.range = function.name.range;
  frame.called = called;
  frame.left = &left.subscripts;
  frame.tail = &equation.tail;
  frame.roots = {equation.value};
  frame.roots.insert(frame.roots.end(), equation.further.begin(), equation.further.end());
  frame.generic_dims = generic;
  frame.integer = integer;
  for (std::size_t k = 0; k < left.parameters.size(); ++k)
    frame.parameters.emplace(left.parameters[k].name.text, instance.parameters[k]);
  if (left.member_of.valid()) {
    frame.integer = true;
    if (const auto dim = dim_named(left.member_of, "`" + frame.name + "(…) in …`", &frame))
      frame.member_of = *dim;
    else
      frame.failed = true;
  }
  mark(frame);
}

void Checker::finish_function(Frame& frame) {
  Instance& instance = *instances_[frame.instance];
  if (derivs_of(names_.all()[instance.entity]).empty()) instance.progress = Progress::done;
  frame.has_body = true;
  instance.result = Shape::failed();
  if (frame.failed) return;
  std::vector<Instance::Further> results;
  for (ExprId root : frame.roots) {
    auto result = function_result(frame, root);
    if (!result) return;
    results.push_back(std::move(*result));
  }
  instance.result = std::move(results[0].shape);
  instance.body = results[0].body;
  instance.further.assign(results.begin() + 1, results.end());
  instance.auxiliary = std::move(frame.auxiliary);
  frame.auxiliary_of_body = instance.auxiliary.size();
}

std::optional<Instance::Further> Checker::function_result(Frame& frame, ExprId root) {
  const auto dims = stated_dims(root, frame[root].shape.dims, frame.declared_axes, frame.name);
  if (!dims) return std::nullopt;
  Shape shape = frame[root].shape;
  if (frame.member_of.valid() &&
      !need_integer(frame, root, "a member of `" + dim_name(frame.member_of) + "`"))
    return std::nullopt;
  if (shape.literal && !frame.integer) shape.type = Type::real;
  shape.literal = false;
  if (frame.member_of.valid()) shape.member_of = frame.member_of;
  const Expr value = shape.is_condition() ? in_dims(frame, root, *dims)
                     : shape.is_integer() ? as_integer(frame, root)
                                          : as_real(frame, root, *dims);
  IndexMap map;
  shape.dims.clear();
  const auto move = [&](Index from, DimId dim) {
    map.emplace_back(from, axis_position(shape.dims.size(), dim));
    shape.dims.push_back(dim);
  };
  for (std::size_t k = 0; k < frame.left_variables; ++k)
    move(frame.variables[k].index, frame.variables[k].index.dim);
  for (std::size_t k = 0; k < dims->size(); ++k) move(axis(k, (*dims)[k]), (*dims)[k]);
  return Instance::Further{shape, substitute(value, map)};
}

// ---- calls

Expr Checker::build_user_call(Frame& frame, ExprId id, const syntax::Call& call) {
  const NodeInfo& info = frame[id];
  const Instance& instance = *instances_[static_cast<std::size_t>(info.instance)];
  const Left& left = left_of(program_, names_.all()[instance.entity]);
  const std::vector<Actual> arguments = actuals(frame, call);
  std::unordered_map<TensorId, Replacement> replacements;
  for (std::size_t k = 0; k < instance.parameters.size(); ++k) {
    const gradc::sema::Parameter& p = instance.parameters[k];
    if (p.literal) continue;
    const auto put = [&](const Captured& from, TensorId placeholder, const Shape& shape) {
      Expr value = captured_value(frame, from, shape);
      if (shape.rank() > 0)
        value =
            named_if_worth(frame, value, shape.dims, frame.name + "_" + text(left.parameters[k].name.text));
      replacements.emplace(placeholder, Replacement{value, shape.dims, {}, {}});
    };
    if (p.function) {
      const FunctionValue& from = frame.functions.at(arguments[k].at.value);
      for (std::size_t j = 0; j < from.given.size(); ++j)
        if (const auto& to = p.function->given[j]; to && !to->literal)
          put(*from.given[j], to->placeholder, to->shape);
      continue;
    }
    if (arguments[k].captured) {
      put(*arguments[k].captured, p.placeholder, p.shape);
      continue;
    }
    const ExprId at = arguments[k].at;
    const std::vector<DimId>& wanted =
        info.lifted && frame[at].shape.rank() > 0 ? info.shape.dims : p.shape.dims;
    Expr value = p.shape.is_integer() ? as_integer(frame, at) : as_real(frame, at, wanted);
    if (p.shape.rank() > 0)
      value = named_if_worth(frame, value, wanted, frame.name + "_" + text(left.parameters[k].name.text));
    replacements.emplace(p.placeholder, Replacement{value, p.shape.dims, {}, {}});
  }
  copy_equations(frame, id, instance.auxiliary, replacements);
  std::vector<Expr> values{replaced(instance.body, replacements)};
  for (const Instance::Further& further : instance.further)
    values.push_back(replaced(further.body, replacements));
  const Expr first = values[0];
  if (values.size() > 1) frame.values.emplace(id.value, std::move(values));
  return first;
}

// The equations of a function for the arguments of a call, each after what it reads; those of a circle
// together. Their axes in front are the indices that the arguments depend on.
void Checker::copy_equations(Frame& frame, ExprId call, const std::vector<Definition>& equations,
                             std::unordered_map<TensorId, Replacement>& replacements) {
  System all(context_);
  for (const Definition& d : equations) all.add(d);
  for (const std::vector<std::size_t>& group : strongly_connected(all)) {
    if (const Definition& d = equations[group[0]]; std::holds_alternative<gradc::Call>(d.rule)) {
      replacements.emplace(d.tensor, replaced_call(frame, d, replacements));
      continue;
    }
    std::vector<Expr> values;
    std::vector<Index> lead;
    bool changed = false;
    for (std::size_t i : group) {
      const Expr own = equations[i].define()->value;
      values.push_back(replaced(own, replacements));
      changed = changed || values.back() != own;
      if (changed && reads_by_data(values.back())) values.back() = under_guards(frame, call, values.back());
      if (changed) values.back() = where_taken(frame, values.back());
      for (Index index : values.back()->free)
        if (index.kind != Index::Kind::slot && std::ranges::find(lead, index) == lead.end())
          lead.push_back(index);
    }
    if (!changed) {  // it does not depend on the arguments: one for all calls
      for (std::size_t i : group)
        if (!system_.find(equations[i].tensor) &&
            std::ranges::find(frame.auxiliary, equations[i].tensor, &Definition::tensor) ==
                frame.auxiliary.end())
          add_auxiliary(frame, equations[i]);
      continue;
    }
    IndexMap map;
    std::vector<Expr> positions;
    std::vector<DimId> dims;
    for (Index index : lead) {
      const DimId dim = index.dim.valid() ? index.dim : range_dim(frame, index);
      map.emplace_back(index, context_.position(Index::slot(static_cast<std::int32_t>(dims.size()), dim)));
      positions.push_back(context_.position(index));
      dims.push_back(dim);
    }
    const auto moved = static_cast<std::int32_t>(dims.size());
    std::unordered_map<TensorId, Replacement> members;  // inside the circle: over the slots themselves
    for (std::size_t i : group) {
      Tensor tensor = context_.tensor(equations[i].tensor);
      tensor.name = unused_name(tensor.name);
      tensor.dims.insert(tensor.dims.begin(), dims.begin(), dims.end());
      Replacement replacement{
          .value = {}, .dims = {}, .tensor = context_.add_tensor(std::move(tensor)), .lead = positions};
      members.emplace(equations[i].tensor, replacement);
      replacements.emplace(equations[i].tensor, std::move(replacement));
    }
    for (std::size_t k = 0; k < group.size(); ++k) {
      const Definition& definition = equations[group[k]];
      const TensorId tensor = replacements.at(definition.tensor).tensor;
      IndexMap all_indices = map;
      const std::vector<DimId> own = context_.tensor(definition.tensor).dims;
      for (std::size_t a = 0; a < own.size(); ++a) {
        const auto slot = static_cast<std::int32_t>(a);
        all_indices.emplace_back(Index::slot(slot, own[a]),
                                 context_.position(Index::slot(slot + moved, own[a])));
      }
      Definition made{.tensor = tensor,
                      .rule = Define{substitute(replaced(values[k], members), all_indices)},
                      .origin = definition.origin};
      if (!definition.index_names.empty()) {
        made.index_names.assign(static_cast<std::size_t>(moved), "");
        made.index_names.insert(made.index_names.end(), definition.index_names.begin(),
                                definition.index_names.end());
      }
      add_auxiliary(frame, std::move(made));
    }
  }
  // What counts the copies of conditions are the copies of their counts, and so with what is held.
  const auto copy_of = [&](TensorId t) -> TensorId {
    const auto found = replacements.find(t);
    if (found == replacements.end()) return {};
    return found->second.tensor.valid() ? found->second.tensor : found->second.value->tensor;
  };
  for (const Definition& d : equations)
    for (TensorId Tensor::*other : {&Tensor::counted_by, &Tensor::held_of})
      if (const TensorId of = copy_of(context_.tensor(d.tensor).*other), copy = copy_of(d.tensor);
          of.valid() && copy.valid())
        context_.tensor(copy).*other = of;
}

Expr Checker::replaced(Expr e, const std::unordered_map<TensorId, Replacement>& replacements) {
  return rewrite(e, [&](Expr node) {
    if (node->kind != gradc::ExprKind::access) return node;
    const auto found = replacements.find(node->tensor);
    if (found == replacements.end()) return node;
    const Replacement& r = found->second;
    if (!r.tensor.valid()) return node->operands.empty() ? r.value : element(r.value, r.dims, node->operands);
    std::vector<Expr> subscripts = r.lead;
    subscripts.insert(subscripts.end(), node->operands.begin(), node->operands.end());
    return context_.access(r.tensor, subscripts);
  });
}

}  // namespace gradc::sema
