// Functions that nothing calls are checked for scalars of any kind and for dims of their own: what is wrong
// there is wrong for all arguments. Mistakes that other arguments could mend are not told.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <array>

#include "compiler/sema/checker.h"

namespace gradc::sema {

using namespace syntax;

bool holds_for_all_arguments(DiagnosticCode code) {
  using enum DiagnosticCode;
  constexpr std::array of_types = {E203, E204, E205, E208, E213, E214, E215, E220, E221, E229, E301};
  return std::ranges::find(of_types, code) == of_types.end();
}

// A mistake in a function that only some arguments make: says which call.
void Checker::name_call(const Frame& frame, std::vector<Label>& notes) const {
  if (frame.called) notes.push_back({*frame.called, "in this call of `" + frame.name + "`"});
}

void Checker::check_uncalled_functions() {
  for (std::size_t k = 0; k < names_.all().size(); ++k) {
    const Entity& e = names_.all()[k];
    if (e.kind != EntityKind::function || e.used) continue;
    const Statement& statement = program_.statements[e.statement];
    const Left& left = std::get<Equation>(statement.kind).lefts[e.item];
    Instance made{.entity = k};
    std::unordered_map<TextId, DimId> generic;
    for (const syntax::Parameter& p : left.parameters)  // members may come before what has the axis
      for (ExprId axis : p.axes)
        if (const Name* name = std::get_if<Name>(&program_[axis].kind); name && !names_.find(name->name))
          if (auto [dim, is_new] = generic.try_emplace(name->name); is_new)
            dim->second =
                context_.add_dim({.name = text(name->name), .declared = range(axis), .anonymous = true});
    for (const syntax::Parameter& p : left.parameters) {
      gradc::sema::Parameter parameter;
      parameter.shape = Shape::scalar(Type::real, false);
      for (ExprId axis : p.axes) {
        const Name* name = std::get_if<Name>(&program_[axis].kind);
        if (!name || names_.find(name->name)) {
          parameter.shape.dims.push_back(
              axis_dim(axis, "an axis of `" + text(p.name.text) + "`").value_or(DimId{}));
          continue;
        }
        parameter.shape.dims.push_back(generic.at(name->name));
      }
      if (p.member_of.valid()) {
        parameter.shape.type = Type::integer;
        const auto known = generic.find(p.member_of.text);
        parameter.shape.member_of =
            known != generic.end()
                ? known->second
                : dim_named(p.member_of, "`" + text(p.name.text) + " in …`").value_or(DimId{});
      }
      const auto& dims = parameter.shape.dims;
      parameter.shape.error = std::ranges::find(dims, DimId{}) != dims.end();
      if (!parameter.shape.error)
        parameter.placeholder = context_.add_tensor({.name = text(p.name.text),
                                                     .role = gradc::Role::seed,  // for claims: given
                                                     .type = parameter.shape.type,
                                                     .dims = dims,
                                                     .declared = p.name.range,
                                                     .member_of = parameter.shape.member_of});
      made.parameters.push_back(std::move(parameter));
    }
    instances_.push_back(std::make_unique<Instance>(std::move(made)));
    const std::size_t before = reports_.size(), positions = told_positions_.size();
    start_function(instances_.size() - 1, generic, false);
    run_frames();
    reports_.keep_only_from(before, holds_for_all_arguments);
    told_positions_.resize(positions);
    // Whatever it reads is used, even behind a mistake that other arguments would mend.
    for (std::int32_t id = statement.first_expr.value; id < statement.end_expr.value; ++id) {
      const Name* name = std::get_if<Name>(&program_[ExprId{id}].kind);
      const auto* call = std::get_if<syntax::Call>(&program_[ExprId{id}].kind);
      if (name || call)
        if (Entity* found = names_.find(name ? name->name : call->callee.text);
            found != &names_.all()[k] && found)
          found->used = true;
    }
  }
}

}  // namespace gradc::sema
