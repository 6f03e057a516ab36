// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/footnotes.h"

#include <algorithm>
#include <utility>

#include "compiler/equations/definition.h"
#include "compiler/equations/walk.h"
#include "compiler/operators/build.h"
#include "compiler/render/arrange.h"
#include "compiler/render/latex_name.h"

namespace gradc {
namespace {

// The entries state kinks in LaTeX; in a terminal the commands go.
std::string as_text(std::string_view latex) {
  static constexpr std::pair<std::string_view, std::string_view> words[] = {
      {"\\frac{\\partial}{\\partial x}", "d/dx"},
      {"\\frac{\\partial}{\\partial y}", "d/dy"},
      {"\\tfrac12", "1/2"},
      {"\\frac{1}{2}", "1/2"},
      {"\\nabla", "grad "},
      {"\\left", ""},
      {"\\right", ""},
      {"\\,", " "},
      {"\\ ", " "},
      {"\\operatorname", ""},
      {"\\mathrm", ""},
      {"\\text", ""},
      {"\\in", "in"},
      {"\\le", "<="},
      {"\\ge", ">="},
      {"\\ne", "!="},
      {"\\infty", "inf"},
      {"\\mathbb", ""},
      {"\\", ""},
      {"{", ""},
      {"}", ""}};
  std::string out(latex);
  for (const auto& [command, plain] : words)
    for (std::size_t at = 0; (at = out.find(command, at)) != std::string::npos; at += plain.size())
      out.replace(at, command.size(), plain);
  return out;
}

}  // namespace

std::vector<std::string> kink_footnotes(const System& system, Format format) {
  const Context& c = system.context();
  std::vector<Expr> values;
  bool derivatives = false;
  for (const Definition& d : system.definitions()) {
    const Role role = c.tensor(d.tensor).role;
    if (role == Role::adjoint || role == Role::tangent)
      derivatives = true;
    else
      std::ranges::move(expressions(d), std::back_inserter(values));
  }
  std::vector<std::string> notes;
  if (!derivatives) return notes;
  std::vector<const Operator*> told;
  for (Expr e : reachable_nodes(values)) {
    if (e->kind != ExprKind::apply || e->op->kinks.empty() || std::ranges::find(told, e->op) != told.end())
      continue;
    if (e->is(op_pow) && literal(e->operands[1])) continue;  // x^2 has none
    told.push_back(e->op);
    const std::string name(e->op->name.empty() ? e->op->id : e->op->name);
    for (const Kink& kink : e->op->kinks) {
      if (format == Format::latex)
        notes.push_back("\\text{" + latex_text(name) + ", at }" + std::string(kink.where) + ":\\quad " +
                        std::string(kink.choice));
      else
        notes.push_back(name + ", at " + as_text(kink.where) + ": " + as_text(kink.choice));
    }
  }
  return notes;
}

}  // namespace gradc
