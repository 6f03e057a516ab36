// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/kernel/recipe_emitter.h"

#include "compiler/support/check.h"

namespace gradc::kernel {

namespace {

std::vector<Value> values(std::span<const EmitValue> operands) {
  std::vector<Value> result;
  for (EmitValue v : operands) result.push_back({v.id});
  return result;
}

}  // namespace

EmitValue RecipeEmitter::constant(MachineType type, double value) {
  if (is_real(type)) return {b_.real(value, type).id};
  return constant(type, static_cast<std::int64_t>(value));
}

EmitValue RecipeEmitter::constant(MachineType type, std::int64_t value) {
  if (is_real(type)) return {b_.real(static_cast<double>(value), type).id};
  if (type == Scalar::boolean) return {b_.boolean(value != 0).id};
  return {b_.integer(value, type).id};
}

EmitValue RecipeEmitter::op(MachineOp which, std::span<const EmitValue> operands) {
  return {b_.compute(which, values(operands)).id};
}

EmitValue RecipeEmitter::call_where(EmitValue mask, std::string_view function,
                                    std::span<const EmitValue> arguments, EmitValue otherwise) {
  return {b_.call(function, values(arguments), {mask.id}, {otherwise.id}).id};
}

EmitValue RecipeEmitter::call(std::string_view function, std::span<const EmitValue> arguments) {
  return {b_.call(function, values(arguments)).id};
}

std::optional<Rational> RecipeEmitter::literal(EmitValue v) const {
  auto found = literals_.find(v.id);
  return found == literals_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace gradc::kernel
