// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/sema/names.h"

#include "compiler/sema/builtins.h"
#include "compiler/support/overloaded.h"

namespace gradc::sema {

using namespace syntax;

Names::Names(const Program& program, Reports& reports) : program_(program), reports_(reports) {
  for (std::size_t s = 0; s < program.statements.size(); ++s) {
    const auto equation = [&](const Spelled& name) {
      if (name.valid()) enter(EntityKind::equation, name, s);
    };
    std::visit(
        overloaded{[&](const syntax::Dim& dim) {
                     for (std::size_t k = 0; k < dim.items.size(); ++k)
                       enter(EntityKind::dim, dim.items[k].name, s, k);
                   },
                   [&](const Seq& seq) {
                     for (std::size_t k = 0; k < seq.names.size(); ++k)
                       enter(EntityKind::dim, seq.names[k], s, k);
                   },
                   [&](const syntax::Declaration& declaration) {
                     for (std::size_t k = 0; k < declaration.items.size(); ++k)
                       enter(EntityKind::tensor, declaration.items[k].name, s, k);
                   },
                   [&](const syntax::Noise& noise) {
                     for (std::size_t k = 0; k < noise.items.size(); ++k)
                       enter(EntityKind::tensor, noise.items[k].name, s, k);
                   },
                   [&](const Equation& e) {
                     if (!e.further.empty() && !e.lefts[0].is_function) refuse_results(e);
                     for (const Left& left : e.lefts) check_parameters(left);
                     for (std::size_t k = 0; k < e.lefts.size(); ++k)
                       enter(e.lefts[k].is_function ? EntityKind::function : EntityKind::equation,
                             e.lefts[k].name, s, k);
                   },
                   [&](const Minimize& m) { equation(m.name); }, [&](const Penalty& p) { equation(p.name); },
                   [&](const Metric& m) { equation(m.name); }, [](const Deriv&) {},
                   [](const syntax::Check&) {}, [](const syntax::Claim&) {}, [](const Train&) {},
                   [](const Use&) {}},
        program.statements[s].kind);
  }
  for (const Statement& s : program.statements)
    if (const Use* use = std::get_if<Use>(&s.kind)) take_over(*use);
}

void Names::check_parameters(const Left& left) {
  for (std::size_t k = 1; k < left.parameters.size(); ++k) {
    const Spelled& name = left.parameters[k].name;
    const auto before = left.parameters.begin() + static_cast<std::ptrdiff_t>(k);
    const auto first = std::find_if(left.parameters.begin(), before,
                                    [&](const syntax::Parameter& p) { return p.name.text == name.text; });
    if (first != before)
      reports_.add(DiagnosticCode::E202, name.range, "`" + program_[name] + "` is defined twice", "",
                   "rename one of them", {{first->name.range, "the first parameter of this name"}});
  }
}

void Names::refuse_results(const Equation& equation) {
  const std::string name = program_[equation.lefts[0].name];
  reports_.add(DiagnosticCode::E225,
               cover(program_[equation.value].range, program_[equation.further.back()].range),
               "several results stand only behind a function", "",
               "state one value for each name; an array of numbers stands in `[ ]`");
}

// The functions of a used file, under their names, in the file that uses it; those that it does not speak of
// need no name there.
void Names::take_over(const Use& use) {
  const std::uint32_t user = use.path.range.file;
  for (std::size_t k = 0; k < entities_.size(); ++k) {
    const Entity& e = entities_[k];
    if (e.kind != EntityKind::function || e.name.range.file != use.file || use.file == user) continue;
    const std::string& name = program_[e.name];
    const auto here = program_.texts.find(name, user);
    if (!here) continue;
    const auto [place, is_new] = by_name_.try_emplace(*here, k);
    if (is_new || place->second == k) continue;
    const Entity& other = entities_[place->second];
    const bool is_own = other.name.range.file == user;
    reports_.add(
        DiagnosticCode::E202, use.path.range, "`" + name + "` is defined twice",
        "this file defines it" + std::string(is_own ? " too" : ""),
        is_own ? "one name has one definition: rename the one here"
               : "one name has one definition: rename one, or use one of the files only",
        {{e.name.range, "there"}, {other.name.range, is_own ? "the definition here" : "the other one"}});
  }
}

void Names::enter(EntityKind kind, Spelled name, std::size_t statement, std::size_t item) {
  if (program_[name] == "pi") {
    reports_.add(DiagnosticCode::E202, name.range, "`pi` is defined twice", "`pi` is known already",
                 "take another name");
    return;
  }
  const auto [place, is_new] = by_name_.try_emplace(name.text, entities_.size());
  if (is_new) {
    if (kind == EntityKind::function) warn_of_hidden(name);
    entities_.push_back({.kind = kind, .name = name, .statement = statement, .item = item});
    return;
  }
  Entity& first = entities_[place->second];
  const auto is_equation = [&](std::size_t s, std::size_t k) -> const Left* {
    const Equation* e = std::get_if<Equation>(&program_.statements[s].kind);
    return e && !e->lefts[k].is_function && !e->lefts[k].subscripts.empty() ? &e->lefts[k] : nullptr;
  };
  // Base cases and a step of one equation in several lines: told apart from a slip by their subscripts.
  if (is_equation(first.statement, first.item) && is_equation(statement, item)) {
    first.more.push_back({statement, item});
    return;
  }
  first.used = true;
  reports_.add(DiagnosticCode::E202, name.range, "`" + program_[name] + "` is defined twice",
               "the second definition", "one name has one definition: rename one of them",
               {{first.name.range, "the first definition"}});
}

// The language's own function is not had any more, under a name by which readers know it.
void Names::warn_of_hidden(Spelled name) {
  const std::string& spelled = program_[name];
  if (name.range.file == 0 && (language_operator(spelled) || language_call(spelled) || find_builtin(spelled)))
    reports_.add(DiagnosticCode::W205, name.range,
                 "`" + spelled + "` is a function of the language, and hidden here", "",
                 "choose another name, unless it is meant to be this one in the whole file");
}

Entity* Names::find(TextId name) {
  auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &entities_[found->second];
}

Entity* Names::find(std::string_view name) {
  const auto text = program_.texts.find(name);
  return text ? find(*text) : nullptr;
}

std::vector<std::string> Names::spellings(std::optional<EntityKind> kind) const {
  std::vector<std::string> result;
  for (const Entity& e : entities_)
    if (!kind || e.kind == *kind) result.push_back(program_[e.name]);
  return result;
}

std::string described(const Entity& entity, const Program& program) {
  switch (entity.kind) {
    case EntityKind::dim: return "a dim";
    case EntityKind::function: return "a function";
    case EntityKind::equation: return "an equation";
    case EntityKind::tensor: break;
  }
  const syntax::Declaration* declaration =
      std::get_if<syntax::Declaration>(&program.statements[entity.statement].kind);
  if (!declaration) return "a noise";
  switch (declaration->role) {
    case syntax::Role::input: return "an input";
    case syntax::Role::target: return "a target";
    case syntax::Role::constant: return "a const";
    case syntax::Role::param: return "a param";
  }
  return "";
}

}  // namespace gradc::sema
