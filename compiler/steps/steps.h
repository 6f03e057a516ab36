// Derivations, step by step. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <vector>

#include "compiler/simplify/simplify.h"

namespace gradc {

// "definition of z" of an equation of the file, "power rule".
struct StepRule {
  std::string name;
  std::vector<TensorId> of = {};  // what `name` goes on with
  SourceRange source = {};        // of the equation that it uses, if it uses one
  friend bool operator==(const StepRule&, const StepRule&) = default;
};

struct StepLine {
  Expr value;
  std::vector<StepRule> rules;  // what made it of the line before
};

// ∂E/∂x_k = … = … = …
struct Chain {
  TensorId tensor;
  std::vector<std::string> index_names;
  std::vector<StepLine> lines;
};

// A chain for each derivative of `raw`, a system as differentiation left it, in the order in which they are
// computed. `simple` is what simplification made of it, in these steps.
std::vector<Chain> derivation_chains(const System& raw, const System& simple,
                                     const std::vector<SystemStep>& steps);

// ---- rule_names.cpp

// The rule for a node whose arguments of `varied` carry the derivative on; `inner` if one of them is more
// than the variable itself.
StepRule rule_of(Expr node, const std::vector<bool>& varied, bool inner);
// Of a rewriting.
StepRule rule_of(const SystemStep& step);

}  // namespace gradc
