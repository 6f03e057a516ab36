// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/driver/update_rule.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "compiler/render/latex_name.h"
#include "compiler/render/numbers.h"
#include "runtime/optimizer/optimizer.h"

namespace gradc::driver {
namespace {

// The letters of the optimisers' formulas.
struct Letter {
  std::string_view setting, latex, text;
};
constexpr std::array letters = {
    Letter{"rate", "\\eta", "η"},  Letter{"beta1", "\\beta_1", "β1"}, Letter{"beta2", "\\beta_2", "β2"},
    Letter{"beta", "\\beta", "β"}, Letter{"eps", "\\epsilon", "ε"},   Letter{"decay", "\\lambda", "λ"},
    Letter{"", "\\theta", "θ"},    Letter{"", "\\leftarrow", "←"},    Letter{"", "\\quad", ""},
    Letter{"", "\\,", " "},
};

// What stands in the braces that open at `at`, which goes behind them.
std::string_view group(std::string_view latex, std::size_t& at) {
  const std::size_t begin = ++at;
  for (int depth = 1; depth > 0; ++at) depth += latex[at] == '{' ? 1 : latex[at] == '}' ? -1 : 0;
  return latex.substr(begin, at - begin - 1);
}

// The formulas of the optimisers' table as text: fractions and roots in brackets.
std::string as_text(std::string_view latex) {
  std::string out;
  for (std::size_t at = 0; at < latex.size();) {
    const std::string_view rest = latex.substr(at);
    if (rest.starts_with("\\frac{")) {
      at += 5;
      out += "(" + as_text(group(latex, at)) + ")/";
      out += "(" + as_text(group(latex, at)) + ")";
    } else if (rest.starts_with("\\sqrt{")) {
      at += 5;
      out += "√(" + as_text(group(latex, at)) + ")";
    } else if (const auto known =
                   std::ranges::find_if(letters, [&](const Letter& l) { return rest.starts_with(l.latex); });
               known != letters.end()) {
      out += known->text;
      at += known->latex.size();
    } else {
      out += latex[at++];
    }
  }
  for (std::size_t twice; (twice = out.find("  ")) != out.npos;) out.erase(twice, 1);
  return out;
}

}  // namespace

std::string update_rule(const ModelFile& file, const std::string& loss, bool latex) {
  const NamedCall& choice = file.model.train.options.optimizer;
  const auto found =
      std::ranges::find_if(all_optimizers(), [&](const Optimizer* o) { return o->name == choice.name; });
  std::string params;
  for (const Declaration& d : file.model.declarations)
    if (const Tensor& t = file.tensor(d.tensor); t.role == Role::param)
      params += (params.empty() ? "" : ", ") + (latex ? latex_name(t.name).whole() : t.name);
  if (params.empty() || found == all_optimizers().end() || !file.model.objective.valid()) return "";
  const Optimizer& optimizer = **found;
  const Result<std::vector<double>> values =
      match_arguments(optimizer.name, optimizer.parameters, choice.arguments);
  if (!values) return "";
  std::string settings, objective = loss;
  for (std::size_t k = 0; k < values->size(); ++k) {
    const auto letter = std::ranges::find(letters, optimizer.parameters[k].name, &Letter::setting);
    settings +=
        (settings.empty() ? "" : ", ") +
        std::string(letter == letters.end() ? optimizer.parameters[k].name
                    : latex                 ? letter->latex
                                            : letter->text) +
        (latex ? "=" + number_in_latex(short_number((*values)[k])) : " = " + short_number((*values)[k]));
  }
  for (TensorId penalty : file.model.penalties)
    objective +=
        latex ? "+" + latex_name(file.tensor(penalty).name).whole() : " + " + file.tensor(penalty).name;
  const bool sum = !file.model.penalties.empty();
  if (latex)
    return fmt::format(
        "\\begin{{align*}}\ng&=\\nabla_{{\\theta}}{}\\\\\n&{}\\\\\n&\\text{{for }}\\theta={};\\quad {}\n"
        "\\end{{align*}}\n",
        sum ? "\\left(" + objective + "\\right)" : objective, optimizer.update, params, settings);
  return fmt::format("g = ∇_θ {}\n{}\n  for θ = {}; {}: {}\n", sum ? "(" + objective + ")" : objective,
                     as_text(optimizer.update), params, optimizer.name, settings);
}

}  // namespace gradc::driver
