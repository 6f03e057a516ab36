// Where a value is several, each with a name: the states of an iterate, `(x, v) = iterate …`, and the results
// of a function, `(p, q) = f(…)`. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <fmt/format.h>

#include "compiler/operators/table.h"
#include "compiler/sema/builtins.h"
#include "compiler/sema/checker.h"

namespace gradc::sema {

using namespace syntax;
using gradc::Expr;
using gradc::Type;

std::size_t Checker::result_count(const Entity& function) const {
  return 1 + std::get<Equation>(program_.statements[function.statement].kind).further.size();
}

bool Checker::need_values(Frame& frame, const std::vector<Left>& lefts, ExprId value) {
  std::size_t count = 1;
  std::string what = "value", of;
  if (const auto* iterate = std::get_if<syntax::Iterate>(&program_[value].kind)) {
    count = iterate->states.size();
    what = "state", of = " of this `iterate`";
  }
  const auto* call = std::get_if<syntax::Call>(&program_[value].kind);
  const bool is_parameter = call && frame.parameters.contains(call->callee.text);
  const Entity* function = call && !is_parameter ? names_.find(call->callee.text) : nullptr;
  if (call && !is_parameter && !function) {
    const std::string& name = program_[call->callee];
    if (!find_builtin(name) && !language_operator(name) && !language_call(name)) return true;  // told later
  }
  if (function && function->kind == EntityKind::function) {
    count = result_count(*function);
    what = "result", of = " of `" + text(function->name.text) + "`";
  }
  if (count == lefts.size()) return true;
  std::vector<Label> notes{{lefts[0].name.range, "the names"}};
  if (function && function->kind == EntityKind::function)
    notes.push_back({function->name.range, "the function is defined here"});
  reports_.add(
      DiagnosticCode::E225, range(value),
      fmt::format("{} names stand for {} {}{}{}", lefts.size(), count, what, count == 1 ? "" : "s", of), "",
      count == 1 ? "a value has one name: state an equation for each"
                 : fmt::format("give {} names, in the order of the {}s", count, what),
      std::move(notes));
  return false;
}

Shape Checker::shape_of(const Frame& frame, ExprId value, std::size_t which) const {
  const NodeInfo& info = frame[value];
  if (info.shape.error) return info.shape;
  Shape shape = info.shape;
  if (const auto* iterate = std::get_if<syntax::Iterate>(&program_[value].kind)) {
    shape.dims = frame[iterate->states[which].first].shape.dims;
  } else if (which > 0) {
    shape = instances_[static_cast<std::size_t>(info.instance)]->further[which - 1].shape;
    if (info.lifted) shape.dims = info.shape.dims;
  }
  return shape;
}

Expr Checker::value_of(Frame& frame, ExprId value, std::size_t which) {
  return std::holds_alternative<syntax::Iterate>(program_[value].kind) ? iterate_value(frame, value, which)
                                                                       : frame.values.at(value.value)[which];
}

void Checker::start_tuple(Frame& frame, const Equation& equation) {
  const std::vector<Left>& lefts = equation.lefts;
  frame.tuple = &lefts;
  frame.name = text(lefts[0].name.text);
  frame.range = lefts[0].name.range;
  frame[equation.value].several = true;
  for (const Left& left : lefts) names_.find(left.name.text)->progress = Progress::active;
  const bool told = !equation.further.empty();
  if (!told && need_values(frame, lefts, equation.value)) return;
  frame.failed = true;
  frame.roots.clear();
}

void Checker::finish_tuple(Frame& frame) {
  for (std::size_t k = 0; k < frame.tuple->size(); ++k) {
    Entity& entity = *names_.find((*frame.tuple)[k].name.text);
    entity.progress = Progress::done;
    entity.shape = Shape::failed();
    if (frame.failed) continue;
    Shape shape = shape_of(frame, frame.roots[0], k);
    Tensor tensor{.name = text(entity.name.text),
                  .type = shape.type,
                  .dims = {},
                  .declared = entity.name.range,
                  .member_of = shape.is_integer() ? shape.member_of : DimId{}};
    const Expr value =
        by_slots(frame, value_of(frame, frame.roots[0], k), std::vector(shape.dims), tensor.dims);
    if (!check_size(tensor)) continue;
    entity.shape = std::move(shape);
    entity.tensor = root_alone(frame, value, tensor);
    if (entity.tensor.valid()) continue;
    entity.tensor = context_.add_tensor(std::move(tensor));
    system_.add({.tensor = entity.tensor,
                 .rule = Define{value},
                 .origin = {.range = entity.name.range},
                 .index_names = {}});
  }
}

}  // namespace gradc::sema
