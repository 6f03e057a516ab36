// `deriv x: …` behind a function: its derivative by that parameter, stated. Each is a frame of its own, run
// when the body is made; then the body becomes one that carries them (operators/elementary/stated.cpp). What
// is stated is also a claim: that it is the derivative of the body. SPDX-License-Identifier: Apache-2.0 WITH
// LLVM-exception
#include <fmt/format.h>

#include <algorithm>

#include "compiler/equations/definition.h"
#include "compiler/operators/stated.h"
#include "compiler/sema/checker.h"
#include "compiler/sema/held_copies.h"

namespace gradc::sema {

using namespace syntax;
using gradc::Expr;
using gradc::Type;

std::vector<std::size_t> Checker::derivs_of(const Entity& function) const {
  std::vector<std::size_t> result;
  for (std::size_t s = function.statement + 1; s < program_.statements.size(); ++s) {
    const Deriv* deriv = std::get_if<Deriv>(&program_.statements[s].kind);
    if (!deriv || deriv->function != function.statement) break;
    result.push_back(s);
  }
  return result;
}

// The frame of the function's next derivative; false: there is none left.
bool Checker::start_deriv(Frame& function) {
  Instance& instance = *instances_[function.instance];
  const Entity& entity = names_.all()[instance.entity];
  const Left& left = std::get<Equation>(program_.statements[entity.statement].kind).lefts[entity.item];
  const std::vector<std::size_t> derivs = derivs_of(entity);
  while (!instance.result.error && function.next_deriv < derivs.size()) {
    const std::size_t statement = derivs[function.next_deriv++];
    const Deriv& deriv = std::get<Deriv>(program_.statements[statement].kind);
    const std::string name = "`" + text(deriv.parameter.text) + "`";
    const auto refuse = [&](DiagnosticCode code, const std::string& message, const std::string& help = {}) {
      reports_.add(code, deriv.parameter.range, message, "", help,
                   {{entity.name.range, "the function is defined here"}});
      instance.result = Shape::failed();
    };
    const auto which = std::ranges::find(left.parameters, deriv.parameter.text,
                                         [](const syntax::Parameter& p) { return p.name.text; });
    if (which == left.parameters.end()) {
      std::vector<std::string> known;
      for (const syntax::Parameter& p : left.parameters) known.push_back(text(p.name.text));
      const std::string meant = did_you_mean(text(deriv.parameter.text), known);
      refuse(DiagnosticCode::E201, "`" + function.name + "` has no parameter " + name,
             meant.empty() ? fmt::format("state it by one of its parameters: `{}`", fmt::join(known, "`, `"))
                           : "did you mean `" + meant + "`?");
      continue;
    }
    const auto k = static_cast<std::size_t>(which - left.parameters.begin());
    const gradc::sema::Parameter& p = instance.parameters[k];
    const auto again = [&](std::size_t s) {
      return std::get<Deriv>(program_.statements[s].kind).parameter.text == deriv.parameter.text;
    };
    if (result_count(entity) > 1) {
      refuse(DiagnosticCode::E306, "a derivative is stated of a function with one result",
             "define a function for each result, each with its derivative");
    } else if (std::ranges::count_if(derivs, again) > 1) {
      refuse(DiagnosticCode::E307, "the derivative by " + name + " is stated twice");
    } else if (p.function || which->member_of.valid() || instance.result.type != Type::real) {
      refuse(DiagnosticCode::E301,
             p.function ? name + " is a function, and there is no derivative by one"
             : which->member_of.valid()
                 ? name + " is an integer, and there is no derivative by one"
                 : "`" + function.name + "` has no derivative: its value is no real number");
    } else if (instance.result.rank() != function.left_variables) {
      refuse(DiagnosticCode::E306, "a derivative is stated for each element of the value",
             "give the value's axes indices: `" + function.name + "(…)[j] = …`");
    } else if (deriv.subscripts.size() > p.shape.rank()) {
      refuse(DiagnosticCode::E204, name + " has " + std::to_string(p.shape.rank()) + " axes, and here are " +
                                       std::to_string(deriv.subscripts.size()) + " subscripts");
    } else if (!p.literal && p.shape.type == Type::real) {
      Frame& frame = new_frame(FrameKind::stated, statement);
      frame.instance = function.instance;
      frame.parameter = k;
      frame.deriv = &deriv;
      frame.name = function.name;
      frame.range = deriv.parameter.range;
      frame.called = function.called;
      frame.subscripts = left.subscripts;
      frame.subscripts.insert(frame.subscripts.end(), deriv.subscripts.begin(), deriv.subscripts.end());
      frame.left = &frame.subscripts;
      frame.tail = &deriv.tail;
      frame.roots = {deriv.value};
      frame.generic_dims = function.generic_dims;
      frame.parameters = function.parameters;
      mark(frame);
      std::vector<DimId> dims = instance.result.dims;
      dims.insert(dims.end(), p.shape.dims.begin(), p.shape.dims.end());
      for (std::size_t i = 0; i < frame.left_variables; ++i) {
        IndexVariable& variable = frame.variables[i];
        variable.used = true;
        if (!variable.stated)
          variable.uses.push_back({dims[i], variable.name.range, "`" + function.name + "`"});
      }
      return true;
    }
  }
  return false;
}

// Over the function's placeholders and the axes of its value, as the body is.
void Checker::finish_deriv(Frame& frame) {
  Instance& instance = *instances_[frame.instance];
  const gradc::sema::Parameter& p = instance.parameters[frame.parameter];
  const std::size_t rank = instance.result.rank(), own = frame.left_variables - rank;
  const std::vector<DimId> wanted(p.shape.dims.begin() + static_cast<std::ptrdiff_t>(own),
                                  p.shape.dims.end());
  const auto dims = frame.failed || !need_number(frame, frame.roots[0])
                        ? std::nullopt
                        : stated_dims(frame.roots[0], frame[frame.roots[0]].shape.dims, wanted, frame.name);
  const bool fits = dims && dims->size() == wanted.size() &&
                    std::ranges::equal(*dims, wanted, [&](DimId a, DimId b) { return same_dim(a, b); });
  if (!fits) {
    if (dims)
      reports_.add(DiagnosticCode::E205, range(frame.roots[0]),
                   "the derivative by an element is a number, and this is " + shown(*dims), "",
                   "name the element: `deriv " + text(frame.deriv->parameter.text) + "[k]: …`");
    instance.result = Shape::failed();
    return;
  }
  IndexMap of_value, of_element;  // the value's axes; then the parameter's, behind them or bound by the sum
  std::vector<gradc::Binder> binders;
  std::vector<Expr> element, axes;
  for (std::size_t j = 0; j < rank; ++j)
    of_value.emplace_back(frame.variables[j].index, axis_position(j, instance.result.dims[j]));
  const auto bind = [&](Index from, DimId dim) {
    binders.push_back(context_.over(dim));
    element.push_back(context_.position(binders.back().index));
    of_value.emplace_back(from, axis_position(rank + axes.size(), dim));
    of_element.emplace_back(axis(rank + axes.size(), dim), element.back());
    axes.push_back(axis_position(rank + axes.size(), dim));
  };
  for (std::size_t k = 0; k < own; ++k) bind(frame.variables[rank + k].index, p.shape.dims[k]);
  for (std::size_t k = 0; k < wanted.size(); ++k) bind(axis(k, wanted[k]), wanted[k]);
  const Expr stated = substitute(as_real(frame, frame.roots[0], wanted), of_value);
  const Expr term =
      context_.apply(op_carried, {context_.access(p.placeholder, element), substitute(stated, of_element)});
  claim_derivative(frame, stated);
  instance.held.push_back(p.placeholder);
  instance.carried.push_back(binders.empty() ? term : sum(binders, context_.boolean(true), term));
  // The function's own value, as it is, reads what the body reads.
  for (const Definition& d : frame.auxiliary)
    if (std::ranges::find(instance.auxiliary, d.tensor, &Definition::tensor) == instance.auxiliary.end())
      instance.auxiliary.push_back(d);
}

// That the body's derivative is what is stated, over the value's axes and then the parameter's; of each line
// once.
void Checker::claim_derivative(const Frame& frame, Expr stated) {
  const auto statement = static_cast<std::size_t>(
      std::ranges::find_if(program_.statements,
                           [&](const Statement& s) { return std::get_if<Deriv>(&s.kind) == frame.deriv; }) -
      program_.statements.begin());
  if (frame.deriv->unchecked || !claimed_derivs_.insert(statement).second) return;
  const auto derived = derived_instance(frame.instance, frame.parameter, frame.range);
  if (!derived) return;
  derived_of_.erase({frame.instance, frame.parameter});  // from now on it is the stated one
  const Instance& natural = *instances_[*derived];
  gradc::Claim claim{.dims = natural.result.dims,
                     .left_range = program_.statements[statement].range,
                     .right_range = range(frame.deriv->value)};
  IndexMap slots;
  for (std::size_t k = 0; k < claim.dims.size(); ++k)
    slots.emplace_back(axis(k, claim.dims[k]),
                       context_.position(Index::slot(static_cast<std::int32_t>(k), claim.dims[k])));
  for (const std::vector<Definition>* own : {&natural.auxiliary, &frame.auxiliary})
    for (const Definition& d : *own)
      if (!system_.find(d.tensor)) system_.add(d);
  claim.left = without_stated(substitute(natural.body, slots));
  claim.right = without_stated(substitute(stated, slots));
  claim.index_names.resize(claim.dims.size());
  for (std::size_t k = 0; k < frame.left_variables; ++k)
    claim.index_names[k] = text(frame.variables[k].name.text);
  model_.claims.push_back(std::move(claim));
}

void Checker::state_derivatives(Frame& frame) {
  Instance& instance = *instances_[frame.instance];
  instance.progress = Progress::done;
  if (instance.result.error || instance.held.empty()) return;
  HeldCopies copies(
      context_, [this](const std::string& stem) { return unused_name(stem); }, ++stated_);
  for (TensorId t : instance.held) copies.hold(t);
  // What only derivatives read has no part in the value.
  const auto body = instance.auxiliary.begin();
  for (Definition& copy : copies.of({body, body + static_cast<std::ptrdiff_t>(frame.auxiliary_of_body)}))
    instance.auxiliary.push_back(std::move(copy));
  Expr carried = instance.carried[0];
  for (std::size_t k = 1; k < instance.carried.size(); ++k) carried = carried + instance.carried[k];
  instance.body = context_.apply(op_stated, {copies.held(instance.body), carried, context_.real(stated_)});
}

}  // namespace gradc::sema
