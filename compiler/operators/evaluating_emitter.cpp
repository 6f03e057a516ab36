// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compiler/operators/evaluating_emitter.h"

#include <array>
#include <utility>

#include "compiler/support/check.h"

namespace gradc {

EmitValue EvaluatingEmitter::keep(MachineValue value) {
  values_.push_back(value);
  return {static_cast<std::int32_t>(values_.size()) - 1};
}

EmitValue EvaluatingEmitter::argument(MachineValue value, std::optional<Rational> literal) {
  const EmitValue kept = keep(value);
  if (literal) literals_.emplace_back(kept.id, *std::move(literal));
  return kept;
}

void EvaluatingEmitter::clear() {
  values_.clear();
  literals_.clear();
}

EmitValue EvaluatingEmitter::constant(MachineType type, double number) {
  GRADC_CHECK(is_float(type), "a floating-point constant of an integer type");
  return keep(MachineValue::real(type, number));
}

EmitValue EvaluatingEmitter::constant(MachineType type, std::int64_t number) {
  switch (type) {
    case MachineType::f32:
    case MachineType::f64: return keep(MachineValue::real(type, static_cast<double>(number)));
    case MachineType::i32: return keep(MachineValue::i32(static_cast<std::int32_t>(number)));
    case MachineType::i64: return keep(MachineValue::i64(number));
    case MachineType::boolean: return keep(MachineValue::boolean(number != 0));
  }
  GRADC_UNREACHABLE("a MachineType");
}

EmitValue EvaluatingEmitter::op(MachineOp which, std::span<const EmitValue> operands) {
  std::array<MachineValue, 3> x;
  GRADC_CHECK(operands.size() <= x.size(), "too many operands");
  for (std::size_t i = 0; i < operands.size(); ++i) x[i] = value(operands[i]);
  return keep(evaluate(which, std::span<const MachineValue>(x.data(), operands.size())));
}

EmitValue EvaluatingEmitter::call_where(EmitValue mask, std::string_view function,
                                        std::span<const EmitValue> arguments, EmitValue otherwise) {
  return value(mask).as_boolean() ? call(function, arguments) : otherwise;
}

EmitValue EvaluatingEmitter::call(std::string_view function, std::span<const EmitValue> arguments) {
  std::array<double, 2> x{};
  GRADC_CHECK(arguments.size() <= x.size(), "too many arguments");
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    GRADC_CHECK(type(arguments[i]) == MachineType::f64, "the C library is called with doubles");
    x[i] = value(arguments[i]).as_f64();
  }
  return keep(
      MachineValue::f64(evaluate_libm(function, std::span<const double>(x.data(), arguments.size()))));
}

std::optional<Rational> EvaluatingEmitter::literal(EmitValue v) const {
  for (const auto& [id, number] : literals_)
    if (id == v.id) return number;
  return std::nullopt;
}

}  // namespace gradc
