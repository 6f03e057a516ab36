// An Emitter that computes at once: what a recipe yields for given numbers, without code. Tests measure
// recipes with it, and constants are folded with it, to the bits of the generated code.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <vector>

#include "compiler/operators/emitter.h"

namespace gradc {

class EvaluatingEmitter : public Emitter {
 public:
  explicit EvaluatingEmitter(bool f32) : f32_(f32) {}

  EmitValue argument(MachineValue value, std::optional<Rational> literal = std::nullopt);
  MachineValue value(EmitValue v) const { return values_[static_cast<std::size_t>(v.id)]; }
  // Forgets all values, so that one emitter serves many points.
  void clear();

  using Emitter::op;
  MachineType type(EmitValue v) const override { return value(v).type; }
  EmitValue constant(MachineType type, double number) override;
  EmitValue constant(MachineType type, std::int64_t number) override;
  EmitValue op(MachineOp which, std::span<const EmitValue> operands) override;
  EmitValue call_where(EmitValue mask, std::string_view function, std::span<const EmitValue> arguments,
                       EmitValue otherwise) override;
  EmitValue call(std::string_view function, std::span<const EmitValue> arguments) override;
  std::optional<Rational> literal(EmitValue v) const override;
  bool is_f32() const override { return f32_; }

 private:
  EmitValue keep(MachineValue value);

  bool f32_;
  std::vector<MachineValue> values_;
  std::vector<std::pair<std::int32_t, Rational>> literals_;
};

}  // namespace gradc
