// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/render/steps.h"

#include <algorithm>

#include "compiler/render/layout.h"
#include "compiler/render/numbers.h"
#include "compiler/render/term_printer.h"

namespace gradc {
namespace {

// Where the rules stand, in letters, if the lines leave room.
constexpr std::size_t margin = 64;
constexpr std::size_t longest = 2500;  // nobody reads a longer line in the middle of a derivation

std::string at(const StepRule& rule, const PlaceName& place) {
  const std::string where = place ? place(rule.source) : "";
  return where.empty() ? "" : " (" + where + ")";
}

}  // namespace

std::vector<PrintedStep> printed_steps(const System& simple, Format format, const RenderOptions& options) {
  Context& c = simple.context();
  const Notation notation = choose_notation(simple, options);
  std::unordered_set<std::string> taken = tensor_names(simple);
  PrintScope scope(c, format, notation, IndexNames(c, std::move(taken)));
  const std::string equals = format == Format::latex ? "=" : " = ";
  std::vector<PrintedStep> steps;
  int number = 0;
  for (const Chain& chain : options.chains) {
    std::string before;
    std::vector<std::string> terms;
    const std::size_t first = steps.size();
    for (const StepLine& line : chain.lines) {
      scope.indices.begin(c.tensor(chain.tensor).dims, chain.index_names);
      Printed printed = print_term(line.value, scope);
      for (const auto& [name, part] : printed.where)
        printed.pieces.push_back((format == Format::latex ? "\\quad\\text{where }" : "  where ") + name +
                                 (format == Format::latex ? "=" : " = ") + part.term);
      std::size_t length = 0;
      for (const std::string& piece : printed.pieces) length += piece.size();
      const bool is_end = &line == &chain.lines.front() || &line == &chain.lines.back();
      if (printed.term == before || (length > longest && !is_end)) continue;
      before = printed.term;
      PrintedStep step;
      step.right = std::move(printed.pieces);
      step.rules = line.rules;
      step.tensor = chain.tensor;
      steps.push_back(std::move(step));
      terms.push_back(printed.term);
    }
    // What has become the result stays it.
    const auto done = std::ranges::find(terms, terms.back()) - terms.begin();
    steps.resize(first + static_cast<std::size_t>(done) + 1);
    for (std::size_t k = first; k < steps.size(); ++k) steps[k].number = ++number;
    PrintedStep& head = steps[first];
    scope.indices.begin(c.tensor(chain.tensor).dims, chain.index_names);
    head.left = print_element(chain.tensor, scope);
    if (notation.short_names.contains(chain.tensor)) {
      head.name = std::exchange(head.left, {});
      Notation plain = notation;
      plain.short_names.erase(chain.tensor);
      scope.notation = &plain;
      head.left = print_element(chain.tensor, scope);
      scope.notation = &notation;
    }
    if (!options.numbers) continue;
    for (NumberLine& line :
         number_lines(simple, chain.tensor, chain.lines.back().value, *options.numbers, format, notation)) {
      PrintedStep numbers;
      numbers.is_numbers = true;
      numbers.tensor = chain.tensor;
      numbers.left = std::move(line.left);
      numbers.right = std::move(line.right);
      if (!line.value.empty()) numbers.right.push_back((numbers.right.empty() ? "" : equals) + line.value);
      steps.push_back(std::move(numbers));
    }
  }
  return steps;
}

std::vector<LatexRow::Words> rule_words(const Context& c, const std::vector<StepRule>& rules,
                                        const PlaceName& place) {
  std::vector<LatexRow::Words> out;
  for (const StepRule& rule : rules) {
    out.push_back({(out.empty() ? "" : ", ") + rule.name});
    for (std::size_t k = 0; k < rule.of.size(); ++k) {
      if (k > 0) out.push_back({", "});
      out.push_back({latex_name(c.tensor(rule.of[k]).name).whole(), true});
    }
    if (const std::string where = at(rule, place); !where.empty()) out.push_back({where});
  }
  return out;
}

std::string rules_as_text(const Context& c, const std::vector<StepRule>& rules, const PlaceName& place) {
  std::string out;
  for (const StepRule& rule : rules) {
    out += (out.empty() ? "" : ", ") + rule.name;
    for (std::size_t k = 0; k < rule.of.size(); ++k) out += (k == 0 ? "" : ", ") + c.tensor(rule.of[k]).name;
    out += at(rule, place);
  }
  return out;
}

std::string steps_as_text(const Context& c, const std::vector<PrintedStep>& steps, const PlaceName& place) {
  std::string out;
  std::size_t indent = 0;
  for (const PrintedStep& step : steps) {
    if (step.is_numbers) {
      out += std::string(8, ' ') + step.left + (step.right.empty() ? "" : " = " + broken(step.right, 8, "")) +
             "\n";
      continue;
    }
    std::string line = "(" + std::to_string(step.number) + ")";
    line.resize(std::max(line.size() + 1, std::size_t{6}), ' ');
    if (!step.left.empty()) {
      if (step.number > 1) out += "\n";
      const std::string left = (step.name.empty() ? "" : step.name + " := ") + step.left;
      indent = left.size();
      line += left;
    } else {
      line += std::string(indent, ' ');
    }
    line += " = " + broken(step.right, indent, "\n" + std::string(indent + 12, ' '));
    if (const std::string rules = rules_as_text(c, step.rules, place); !rules.empty()) {
      const std::size_t last = line.rfind('\n');
      const std::size_t used = last == line.npos ? line.size() : line.size() - last - 1;
      line += std::string(used < margin ? margin - used : 2, ' ') + "[" + rules + "]";
    }
    out += line + "\n";
  }
  return out;
}

}  // namespace gradc
