// Derivations step by step: numbered lines, with the rule that made each in the margin.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <vector>

#include "compiler/render/latex_rows.h"
#include "compiler/steps/steps.h"

namespace gradc {

struct PrintedStep {
  int number = 0;                  // from 1, through all chains
  std::string name, left;          // of a chain's first line: δ := ∂E/∂z; empty afterwards
  std::vector<std::string> right;  // pieces: a line may be broken between them
  std::vector<StepRule> rules;
  TensorId tensor = {};
  bool is_numbers = false;  // the chain's last line at a point
};

// Of options.chains. `simple` is the system that the derivation prints: its short names are used.
std::vector<PrintedStep> printed_steps(const System& simple, Format format, const RenderOptions& options);

// "definition of z1 (line 3), sum rule", with names as mathematics, or all of it as words.
std::vector<LatexRow::Words> rule_words(const Context& context, const std::vector<StepRule>& rules,
                                        const PlaceName& place);
std::string rules_as_text(const Context& context, const std::vector<StepRule>& rules, const PlaceName& place);
std::string steps_as_text(const Context& context, const std::vector<PrintedStep>& steps,
                          const PlaceName& place);

}  // namespace gradc
