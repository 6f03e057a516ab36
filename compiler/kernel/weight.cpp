// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/weight.h"

#include <algorithm>
#include <vector>

#include "compiler/kernel/recipe_emitter.h"

namespace gradc::kernel {

namespace {

// The recipe, written into a kernel that nobody runs.
std::size_t length(Expr node) {
  Kernel kernel;
  Builder builder(kernel);
  RecipeEmitter emitter(builder);
  std::vector<EmitValue> arguments;
  for (Expr operand : node->operands) {
    // Values that are not known; of what type of real number makes little difference.
    const Value size = builder.size({static_cast<std::int32_t>(arguments.size())});
    const Value value = operand->is_constant() ? builder.real(operand->value->to_double(), Scalar::f64)
                                               : builder.convert(size, Scalar::f64);
    if (operand->is_constant()) emitter.set_literal(value, *operand->value);
    arguments.push_back({value.id});
  }
  const std::size_t before = builder.statements();
  node->op->emit(emitter, arguments.data());
  return std::max<std::size_t>(1, builder.statements() - before);
}

}  // namespace

std::size_t Weight::operator()(Expr node) {
  if (node->kind != ExprKind::apply || node->type != Type::real || !node->op->emit) return 1;
  std::int32_t number = -1;
  for (Expr operand : node->operands) {
    if (operand->type != Type::real) return 1;
    if (operand->is_constant()) number = operand->id;
  }
  const auto [entry, is_new] = known_.try_emplace({node->op, number}, 0);
  if (is_new) entry->second = length(node);
  return entry->second;
}

}  // namespace gradc::kernel
