// The lines of a derivation, set as text, as LaTeX or as JSON.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <nlohmann/json.hpp>

#include "compiler/render/derivation.h"
#include "compiler/render/dot.h"
#include "compiler/render/footnotes.h"

namespace gradc {
namespace {

constexpr std::size_t line_width = 90;  // in letters

// How wide LaTeX is on paper, roughly: a command is a letter, what holds the formula together is nothing.
std::size_t width_of(std::string_view latex) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < latex.size(); ++i) {
    if (latex[i] == '\\') {
      const std::size_t begin = ++i;
      while (i < latex.size() && std::isalpha(static_cast<unsigned char>(latex[i]))) ++i;
      const std::string_view word = latex.substr(begin, i - begin);
      if (word != "left" && word != "right" && word != "mathrm" && word != "frac" && word != "text") ++width;
      if (i > begin) --i;
    } else if (std::string_view("{}_^&").find(latex[i]) == std::string_view::npos &&
               (latex[i] & 0xC0) != 0x80) {
      ++width;
    }
  }
  return width;
}

// The pieces, with `at_break` between those that no longer fit.
std::string broken(const DerivationLine& line, std::size_t used, std::string_view at_break) {
  std::string out;
  for (const std::string& piece : line.right) {
    const std::size_t width = width_of(piece);
    if (!out.empty() && used + width > line_width) {
      out += at_break;
      used = 8;
    }
    append_latex(out, piece);
    used += width;
  }
  return out;
}

std::string as_text(const System& system, const RenderOptions& options) {
  std::string out;
  bool in_values = true;
  for (const DerivationLine& line : derivation(system, Format::text, options)) {
    if (in_values && line.is_derivative && !out.empty()) out += "\n";
    in_values = !line.is_derivative;
    if (line.is_local) out += "  where ";
    if (!line.name.empty()) out += line.name + " := ";
    out += line.left + line.relation + broken(line, line.name.size() + line.left.size(), "\n    ");
    if (options.rules && !line.rule.empty()) out += "    # " + line.rule;
    out += "\n";
  }
  for (const std::string& note : kink_footnotes(system, Format::text)) out += "# " + note + "\n";
  return out;
}

std::string as_latex(const System& system, const RenderOptions& options) {
  std::vector<std::string> rows;
  std::size_t values = 0;
  for (const DerivationLine& line : derivation(system, Format::latex, options)) {
    if (!line.is_derivative) values = rows.size() + 1;
    std::string row = line.is_local ? "\\text{where }" : "";
    if (!line.name.empty()) row += line.name + ":=";
    row += line.left + "&";
    append_latex(row,
                 line.relation + broken(line, width_of(line.name) + width_of(line.left), "\\\\\n&\\quad{}"));
    if (options.rules && !line.rule.empty()) row += "&&\\text{" + latex_text(line.rule) + "}";
    rows.push_back(std::move(row));
  }
  const std::size_t lines = rows.size();
  for (const std::string& note : kink_footnotes(system, Format::latex)) rows.push_back("&" + note);
  std::string out = "\\begin{align*}\n";
  for (std::size_t k = 0; k < rows.size(); ++k) {
    out += rows[k];
    if (k + 1 < rows.size()) out += k + 1 == values || k + 1 == lines ? "\\\\[4pt]" : "\\\\";
    out += "\n";
  }
  return out + "\\end{align*}\n";
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
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (std::size_t k = 0; k < latex.size(); ++k) {
    const Tensor& tensor = c.tensor(latex[k].tensor);
    nlohmann::ordered_json entry;
    entry["name"] = tensor.name;
    entry["kind"] = latex[k].is_local ? "part" : latex[k].is_derivative ? "derivative" : "value";
    if (const auto derivative = derivative_of(c, latex[k].tensor)) {
      entry["of"] = c.tensor(derivative->base).name;
      for (TensorId wrt : derivative->wrt) entry["wrt"].push_back(c.tensor(wrt).name);
    }
    entry["indices"] = latex[k].indices;
    for (DimId dim : tensor.dims) entry["dims"].push_back(c.dim(dim).name);
    entry["latex"] = whole(latex[k], ":=");
    entry["text"] = whole(text[k], " := ");
    if (!latex[k].rule.empty()) entry["rule"] = latex[k].rule;
    list.push_back(std::move(entry));
  }
  return list.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string render_system(const System& system, const RenderOptions& options) {
  switch (options.format) {
    case RenderFormat::text: return as_text(system, options);
    case RenderFormat::latex: return as_latex(system, options);
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
         "\\allowdisplaybreaks\n"
         "\\begin{document}\n" +
         std::string(body) + "\\end{document}\n";
}

}  // namespace gradc
