// Inputs, targets, consts and params; the values of consts and the initialisers of params.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <array>

#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/operators/table.h"
#include "compiler/sema/checker.h"
#include "compiler/support/overloaded.h"

namespace gradc::sema {

using namespace syntax;
using gradc::Type;

namespace {

gradc::Role role_of(syntax::Role role) {
  switch (role) {
    case syntax::Role::input: return gradc::Role::input;
    case syntax::Role::target: return gradc::Role::target;
    case syntax::Role::constant: return gradc::Role::constant;
    case syntax::Role::param: return gradc::Role::param;
  }
  return gradc::Role::input;
}

}  // namespace

void Checker::declare_tensors() {
  for (Entity& e : names_.all()) {
    if (e.kind != EntityKind::tensor) continue;
    const auto* declaration = std::get_if<syntax::Declaration>(&program_.statements[e.statement].kind);
    if (!declaration) continue;  // noise, whose parameters may be expressions
    e.progress = Progress::done;
    declare_item(*declaration, declaration->items[e.item], e);
  }
}

std::optional<DimId> Checker::dim_named(const Spelled& name, const std::string& of, Frame* frame) {
  if (frame)
    if (auto generic = frame->generic_dims.find(name.text); generic != frame->generic_dims.end())
      return generic->second;
  Entity* e = names_.find(name.text);
  if (e && e->kind == EntityKind::dim) {
    e->used = true;
    return e->dim;
  }
  const std::string near = e ? "" : did_you_mean(text(name.text), names_.spellings(EntityKind::dim));
  reports_.add(DiagnosticCode::E219, name.range, of + " needs a dim, and `" + text(name.text) + "` is none",
               e ? "this is " + described(*e, program_) : "no dim bears this name",
               e              ? "dims are declared by `dim`, and bear names of their own"
               : near.empty() ? "declare it: `dim " + text(name.text) + "`"
                              : "did you mean `" + near + "`?",
               e ? std::vector<Label>{{e->name.range, "declared here"}} : std::vector<Label>{});
  return std::nullopt;
}

std::optional<DimId> Checker::axis_dim(ExprId axis, const std::string& of, Frame* frame) {
  if (const Name* name = std::get_if<Name>(&program_[axis].kind))
    return dim_named({name->name, range(axis)}, of, frame);
  reports_.add(DiagnosticCode::E219, range(axis), of + " needs a dim, and this is none", "",
               "give the size a name: `dim N = …`, and write `[N]` here");
  return std::nullopt;
}

void Checker::declare_item(const syntax::Declaration& declaration, const Item& item, Entity& entity) {
  gradc::Tensor tensor{.name = text(item.name.text),
                       .role = role_of(declaration.role),
                       .dims = {},
                       .declared = item.name.range};
  const std::string of = "an axis of `" + tensor.name + "`";
  bool good = true;
  for (ExprId axis : item.axes) {
    const auto dim = axis_dim(axis, of);
    if (dim) tensor.dims.push_back(*dim);
    good = good && dim;
  }
  if (item.member_of.valid()) {
    const auto dim = dim_named(item.member_of, "`" + tensor.name + " in …`");
    good = good && dim;
    if (dim) tensor.member_of = *dim;
    tensor.type = Type::integer;
    if (declaration.role == syntax::Role::param) {
      reports_.add(DiagnosticCode::E226, item.member_of.range,
                   "a param is learned, and a member of a dim cannot be", "",
                   "declare `" + tensor.name + "` as an input, a target or a const");
      good = false;
    }
  }
  entity.shape.dims = tensor.dims;
  entity.shape.type = tensor.type;
  entity.shape.member_of = tensor.member_of;
  entity.shape.constant = declaration.role == syntax::Role::constant && item.value.valid();
  if (!good || !check_size(tensor)) {
    entity.shape = Shape::failed();
    return;
  }
  entity.tensor = context_.add_tensor(tensor);
  gradc::Declaration made{.tensor = entity.tensor};
  for (const Spelled& column : item.columns) made.columns.push_back(text(column.text));
  model_.declarations.push_back(std::move(made));
}

bool Checker::check_size(const Tensor& tensor) {
  std::int64_t elements = 1;
  for (DimId id : tensor.dims) {
    const gradc::Dim& dim = context_.dim(id);
    if (dim.kind != gradc::Dim::Kind::fixed) continue;
    if (__builtin_mul_overflow(elements, *dim.size->value->to_int64(), &elements) ||
        elements > (std::int64_t{1} << 40)) {
      reports_.add(DiagnosticCode::E228, tensor.declared,
                   "`" + tensor.name + "` has more than 2^40 elements");
      return false;
    }
  }
  return true;
}

void Checker::give_values() {
  for (gradc::Declaration& declaration : model_.declarations) {
    if (context_.tensor(declaration.tensor).role == gradc::Role::noise) continue;
    Entity* entity = names_.find(context_.tensor(declaration.tensor).name);
    const auto& statement = std::get<syntax::Declaration>(program_.statements[entity->statement].kind);
    const Item& item = statement.items[entity->item];
    if (item.value.valid()) declaration.value = given_value(item.value, *entity);
    if (item.init.valid()) declaration.initialiser = initialiser(item, *entity);
  }
}

std::vector<gradc::Expr> Checker::closed_values(const std::string& name, std::size_t statement,
                                                std::vector<ExprId> roots, Type type) {
  Frame& frame = new_frame(FrameKind::given, statement);
  frame.name = name;
  frame.roots = std::move(roots);
  frame.range = range(frame.roots.front());
  frame.integer = type == Type::integer;
  frame.type = type;
  mark(frame);
  closed_.clear();
  run_frames();
  return std::move(closed_);
}

std::optional<double> Checker::number_value(gradc::Expr value) const {
  std::unordered_map<gradc::Expr, double> values;
  for (gradc::Expr node : reachable_nodes(value)) {
    if (node->is_constant()) {
      values[node] = node->value->to_double();
    } else if (node->type == Type::integer) {
      const auto integer = fixed_value(node);
      if (!integer) return std::nullopt;
      values[node] = static_cast<double>(*integer);
    } else if (node->is(op_to_real)) {
      values[node] = values.at(node->operands[0]);
    } else if (node->kind == gradc::ExprKind::apply && node->type == Type::real && node->op->evaluate) {
      double operands[3] = {};
      for (std::size_t k = 0; k < node->operands.size(); ++k) operands[k] = values.at(node->operands[k]);
      values[node] = node->op->evaluate(operands);
    } else {
      return std::nullopt;
    }
  }
  return values.at(value);
}

GivenValue Checker::given_value(ExprId value, Entity& entity) {
  GivenValue result;
  if (entity.shape.error) return result;
  const Tensor& tensor = context_.tensor(entity.tensor);
  const auto* array = std::get_if<Array>(&program_[value].kind);
  std::vector<ExprId> elements{value};
  // One level of brackets for each axis.
  for (std::size_t k = 0; array && k < tensor.rank(); ++k) {
    const gradc::Dim& dim = context_.dim(tensor.dims[k]);
    const auto size = fixed_value(context_.size(tensor.dims[k]));
    std::vector<ExprId> inner;
    for (ExprId id : elements) {
      const auto* level = std::get_if<Array>(&program_[id].kind);
      const std::string wrong = !level  ? "a number stands where `" + dim.name + "` needs an array"
                                : !size ? "the size of `" + dim.name + "` is not known here"
                                : static_cast<std::int64_t>(level->elements.size()) != *size
                                    ? std::to_string(level->elements.size()) + " elements stand where `" +
                                          dim.name + "` has " + std::to_string(*size)
                                    : "";
      if (!wrong.empty()) {
        reports_.add(DiagnosticCode::E220, range(id), wrong, "", "",
                     {{dim.declared, "`" + dim.name + "` is declared here"}});
        return result;
      }
      inner.insert(inner.end(), level->elements.begin(), level->elements.end());
    }
    elements = std::move(inner);
  }
  for (ExprId id : elements)
    if (std::holds_alternative<Array>(program_[id].kind)) {
      reports_.add(DiagnosticCode::E220, range(id),
                   "an array stands where `" + tensor.name + "` has a number", "",
                   tensor.rank() ? "" : "declare its dims: `" + tensor.name + "[D]`");
      return result;
    }
  std::vector<gradc::Expr> values = closed_values(tensor.name, entity.statement, elements, tensor.type);
  if (tensor.member_of.valid())
    for (std::size_t k = 0; k < values.size(); ++k) {
      const auto member = fixed_value(values[k]), size = fixed_value(context_.size(tensor.member_of));
      if (!member || (*member >= 0 && (!size || *member < *size))) continue;
      reports_.add(
          DiagnosticCode::E215, range(elements.size() == values.size() ? elements[k] : value),
          "`" + tensor.name + "` has the member " + std::to_string(*member) + ", and `" +
              dim_name(tensor.member_of) + "` has no such position",
          "", size ? "positions count from 0 to " + std::to_string(*size - 1) : "positions count from 0");
    }
  if (array)
    result.elements = std::move(values);
  else if (!values.empty())
    result.uniform = values[0];
  return result;
}

}  // namespace gradc::sema
