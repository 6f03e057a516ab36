// The machine operations of operators' recipes, written into a kernel.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <unordered_map>

#include "compiler/kernel/builder.h"
#include "compiler/operators/emitter.h"

namespace gradc::kernel {

class RecipeEmitter : public Emitter {
 public:
  explicit RecipeEmitter(Builder& builder) : b_(builder) {}

  void set_real(Scalar real) { real_ = real; }
  void set_literal(Value value, const Rational& number) { literals_.insert_or_assign(value.id, number); }

  using Emitter::op;
  MachineType type(EmitValue v) const override { return b_.type({v.id}); }
  EmitValue constant(MachineType type, double value) override;
  EmitValue constant(MachineType type, std::int64_t value) override;
  EmitValue op(MachineOp which, std::span<const EmitValue> operands) override;
  EmitValue call_where(EmitValue mask, std::string_view function, std::span<const EmitValue> arguments,
                       EmitValue otherwise) override;
  EmitValue call(std::string_view function, std::span<const EmitValue> arguments) override;
  std::optional<Rational> literal(EmitValue v) const override;
  bool is_f32() const override { return real_ == Scalar::f32; }

 private:
  Builder& b_;
  Scalar real_ = Scalar::f64;
  std::unordered_map<std::int32_t, Rational> literals_;
};

}  // namespace gradc::kernel
