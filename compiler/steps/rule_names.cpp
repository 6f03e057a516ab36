// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <algorithm>

#include "compiler/operators/build.h"
#include "compiler/steps/steps.h"

namespace gradc {

StepRule rule_of(Expr node, const std::vector<bool>& varied, bool inner) {
  switch (node->kind) {
    case ExprKind::choose: return {"each side of the choice"};
    case ExprKind::reduce:
      return {node->is(reduce_sum) ? "sum rule" : "derivative of " + std::string(node->reduction->name)};
    default: break;
  }
  const auto some_constant = std::ranges::find(varied, false) != varied.end();
  if (node->is(op_add) || node->is(op_sub))
    return {some_constant ? "constants have derivative 0" : "sum rule"};
  if (node->is(op_mul) && some_constant) return {"constant factor rule"};
  if (node->is(op_div) && !varied[1]) return {"constant factor rule"};
  std::string rule(node->op->rule);
  if (rule.empty()) rule = "derivative of " + std::string(node->op->name);
  const bool chains = inner && !node->is(op_mul) && !node->is(op_div) && !node->is(op_neg);
  return {chains ? rule + " and chain rule" : rule};
}

StepRule rule_of(const SystemStep& step) {
  if (step.rule->name == "own-value" && step.after->kind == ExprKind::access)
    return {"value of ", {step.after->tensor}};
  std::string name(step.rule->name);
  std::ranges::replace(name, '-', ' ');
  return {name};
}

}  // namespace gradc
