// `sgd(rate = 0.1)` and `normal(0, 0.1)`: names and numbers, checked against the runtime's tables, which know
// what there is. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <limits>

#include "compiler/operators/table.h"
#include "compiler/sema/builtins.h"
#include "compiler/sema/checker.h"
#include "runtime/init/init.h"
#include "runtime/optimizer/optimizer.h"

namespace gradc::sema {

using namespace syntax;

// The name of `name` or `name(…)`; empty for anything else.
std::string Checker::called_name(ExprId id) const {
  if (const auto* name = std::get_if<Name>(&program_[id].kind)) return text(name->name);
  if (const auto* call = std::get_if<syntax::Call>(&program_[id].kind)) return program_[call->callee];
  return "";
}

SourceRange Checker::called_range(ExprId id) const {
  const auto* call = std::get_if<syntax::Call>(&program_[id].kind);
  return call ? call->callee.range : range(id);
}

NamedCall Checker::named_call(std::size_t statement, ExprId id, const std::string& what,
                              std::span<const ParameterInfo> parameters, const ArgumentCodes& codes) {
  NamedCall made{.name = called_name(id)};
  const auto* call = std::get_if<syntax::Call>(&program_[id].kind);
  const std::vector<syntax::Argument> none;
  const std::vector<syntax::Argument>& arguments = call ? call->arguments : none;
  std::vector<bool> known;
  for (const syntax::Argument& a : arguments) {
    const std::string key = a.name.valid() ? program_[a.name] : "";
    const auto value =
        setting_value(statement, a.value, key.empty() ? "an argument" : "`" + key + "`", codes.value);
    known.push_back(value.has_value());
    const std::size_t place = made.arguments.size();
    made.arguments.push_back({key.empty() && place < parameters.size() ? parameters[place].name : key,
                              value.value_or(std::numeric_limits<double>::quiet_NaN())});
  }
  const std::vector<ArgumentFault> faults = match(what, parameters, made.arguments).faults;
  const bool misnamed = std::ranges::any_of(
      faults, [](const ArgumentFault& f) { return f.kind == ArgumentFault::Kind::unknown; });
  for (const ArgumentFault& fault : faults) {
    using Kind = ArgumentFault::Kind;
    if (fault.kind == Kind::missing) {
      if (misnamed) continue;  // it may be the one
      reports_.add(codes.value, range(id), fault.message, "",
                   "`" + made.name + "(" + parameters[fault.argument].name + " = …)`");
      continue;
    }
    const syntax::Argument& at = arguments[fault.argument];
    if (fault.kind == Kind::range) {
      if (known[fault.argument]) reports_.add(codes.value, range(at.value), fault.message, "", fault.help);
    } else {
      reports_.add(fault.kind == Kind::twice ? codes.twice : codes.unknown,
                   at.name.valid() ? at.name.range : range(at.value), fault.message, "", fault.help);
    }
  }
  return made;
}

void Checker::check_optimizer(std::size_t statement, const Setting& setting) {
  const std::string name = called_name(setting.value);
  std::vector<std::string> known;
  for (const Optimizer* optimizer : all_optimizers()) {
    known.emplace_back(optimizer->name);
    if (optimizer->name != name) continue;
    model_.train.options.optimizer =
        named_call(statement, setting.value, "optimizer `" + name + "`", optimizer->parameters,
                   {DiagnosticCode::E401, DiagnosticCode::E406, DiagnosticCode::E403});
    return;
  }
  const std::string near = did_you_mean(name, known);
  reports_.add(DiagnosticCode::E402, called_range(setting.value),
               name.empty() ? "`optimizer` takes the name of one" : "there is no optimizer `" + name + "`",
               "",
               name.empty()   ? "`optimizer = sgd(rate = 0.1)`"
               : near.empty() ? "the optimizers are " + listed(known)
                              : "did you mean `" + near + "`?");
}

Initialiser Checker::initialiser(const Item& item, Entity& entity) {
  Initialiser result{.range = range(item.init)};
  const std::string name = called_name(item.init);
  if (!names_.find(name)) {
    std::vector<std::string> known;
    for (const Initializer& entry : all_initializers()) {
      known.emplace_back(entry.name);
      if (entry.name != name) continue;
      result.call = named_call(entity.statement, item.init, "initialiser `" + name + "`", entry.parameters,
                               {DiagnosticCode::E408, DiagnosticCode::E408, DiagnosticCode::E408});
      return result;
    }
    const bool is_call = std::holds_alternative<syntax::Call>(program_[item.init].kind);
    if (!name.empty() && name != "pi" &&
        !(is_call && (find_operator(name) || find_builtin(name) || language_call(name)))) {
      const std::string near = did_you_mean(name, known);
      reports_.add(DiagnosticCode::E408, called_range(item.init), "there is no initialiser `" + name + "`",
                   "",
                   near.empty() ? "a param starts from a number, an array, or one of " + listed(known)
                                : "did you mean `" + near + "`?");
      return result;
    }
  }
  result.given = given_value(item.init, entity);
  return result;
}

}  // namespace gradc::sema
