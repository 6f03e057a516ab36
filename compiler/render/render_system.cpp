// The lines of a derivation, set as text, as LaTeX or as JSON.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "compiler/operators/evaluate.h"
#include "compiler/render/derivation.h"
#include "compiler/render/dot.h"
#include "compiler/render/footnotes.h"
#include "compiler/render/latex_rows.h"
#include "compiler/render/layout.h"
#include "compiler/render/mathml.h"
#include "compiler/render/steps.h"

namespace gradc {
namespace {

std::string as_text(const System& system, const RenderOptions& options) {
  std::string out;
  bool in_values = true;
  for (const DerivationLine& line : derivation(system, Format::text, options)) {
    if (in_values && line.is_derivative && !out.empty()) out += "\n";
    in_values = !line.is_derivative;
    if (line.is_local) out += "  where ";
    if (line.is_numbers) out += "  ";
    if (!line.name.empty()) out += line.name + " := ";
    out += line.left + line.relation + broken(line.right, line.name.size() + line.left.size(), "\n    ");
    out += "\n";
  }
  for (const std::string& note : kink_footnotes(system, Format::text)) out += "# " + note + "\n";
  if (!options.chains.empty())
    out +=
        "\n" + steps_as_text(system.context(), printed_steps(system, Format::text, options), options.place);
  return out;
}

std::string as_latex(const System& system, const RenderOptions& options) {
  const LatexRows rows = latex_rows(system, options);
  return aligned({&rows.values, &rows.derivatives, &rows.notes}) + numbered(rows.steps);
}

// The steps of each derivative, by the tensor that holds it.
std::map<TensorId, nlohmann::ordered_json> json_steps(const System& system, const RenderOptions& options) {
  std::map<TensorId, nlohmann::ordered_json> by_tensor;
  if (options.chains.empty()) return by_tensor;
  const std::vector<PrintedStep> latex = printed_steps(system, Format::latex, options);
  const std::vector<PrintedStep> text = printed_steps(system, Format::text, options);
  const auto whole = [](const std::vector<std::string>& pieces) {
    std::string out;
    for (const std::string& piece : pieces) append_latex(out, piece);
    return out;
  };
  for (std::size_t k = 0; k < std::min(latex.size(), text.size()); ++k) {
    nlohmann::ordered_json entry{{"number", latex[k].number}};
    entry["latex"] = whole(latex[k].right);
    entry["text"] = whole(text[k].right);
    for (const StepRule& rule : latex[k].rules)
      entry["rules"].push_back(rules_as_text(system.context(), {rule}, options.place));
    by_tensor[latex[k].tensor].push_back(std::move(entry));
  }
  return by_tensor;
}

std::string as_json(const System& system, const RenderOptions& options) {
  const Context& c = system.context();
  const std::vector<DerivationLine> latex = derivation(system, Format::latex, options);
  const std::vector<DerivationLine> text = derivation(system, Format::text, options);
  const auto whole = [](const DerivationLine& line, std::string_view becomes) {
    std::string out = line.name.empty() ? "" : line.name + std::string(becomes);
    out += line.left;
    append_latex(out, line.relation);
    for (const std::string& piece : line.right) append_latex(out, piece);
    return out;
  };
  std::map<TensorId, nlohmann::ordered_json> steps = json_steps(system, options);
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (std::size_t k = 0; k < latex.size(); ++k) {
    const Tensor& tensor = c.tensor(latex[k].tensor);
    nlohmann::ordered_json entry;
    entry["name"] = tensor.name;
    entry["kind"] = latex[k].is_numbers      ? "numbers"
                    : latex[k].is_local      ? "part"
                    : latex[k].is_derivative ? "derivative"
                                             : "value";
    if (const auto derivative = derivative_of(c, latex[k].tensor)) {
      entry["of"] = c.tensor(derivative->base).name;
      for (TensorId wrt : derivative->wrt) entry["wrt"].push_back(c.tensor(wrt).name);
    }
    entry["indices"] = latex[k].indices;
    for (DimId dim : tensor.dims) {
      const std::optional<std::int64_t> size = size_of<double>(c, dim, {});
      entry["dims"].push_back(c.dim(dim).name);
      entry["shape"].push_back(size ? nlohmann::ordered_json(*size) : nlohmann::ordered_json());
    }
    entry["latex"] = whole(latex[k], ":=");
    entry["text"] = whole(text[k], " := ");
    if (!latex[k].rule.empty()) entry["rule"] = latex[k].rule;
    if (const auto own = steps.find(latex[k].tensor);
        own != steps.end() && !latex[k].is_local && !latex[k].is_numbers) {
      entry["steps"] = std::move(own->second);
      steps.erase(own);
    }
    list.push_back(std::move(entry));
  }
  for (auto& [tensor, lines] : steps)  // of derivatives that are put in where they are read
    list.push_back({{"name", c.tensor(tensor).name}, {"kind", "put in"}, {"steps", std::move(lines)}});
  return list.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string render_system(const System& system, const RenderOptions& options) {
  switch (options.format) {
    case RenderFormat::text: return as_text(system, options);
    case RenderFormat::latex: return as_latex(system, options);
    case RenderFormat::mathml: return mathml_blocks(as_latex(system, options));
    case RenderFormat::json: return as_json(system, options);
    case RenderFormat::dot: return dot_graph(system);
  }
  return {};
}

std::string latex_document(std::string_view body) {
  return "\\documentclass{article}\n"
         "\\usepackage{amsmath,amssymb}\n"
         "\\setlength{\\textwidth}{170mm}\n"
         "\\setlength{\\oddsidemargin}{-5mm}\n"
         "\\setlength{\\textheight}{240mm}\n"
         "\\setlength{\\topmargin}{-20mm}\n"
         "\\allowdisplaybreaks\n"
         "\\begin{document}\n" +
         std::string(body) + "\\end{document}\n";
}

}  // namespace gradc
