// Where recipes of operators put their machine operations: into a kernel, or straight into numbers. A value
// is a scalar or a vector of any width; recipes cannot tell, which is why an element's bits do not depend on
// its place. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

#include "compiler/equations/operator.h"
#include "compiler/operators/machine.h"
#include "compiler/support/rational.h"

namespace gradc {

class Emitter {
 public:
  virtual ~Emitter() = default;

  virtual MachineType type(EmitValue value) const = 0;
  // A number of the type: rounded to it if it is f32, whole if it is an integer, 0 or 1 if it is a boolean.
  virtual EmitValue constant(MachineType type, double value) = 0;
  virtual EmitValue constant(MachineType type, std::int64_t value) = 0;
  // One operation; types as machine.h says.
  virtual EmitValue op(MachineOp op, std::span<const EmitValue> operands) = 0;
  EmitValue op(MachineOp which, std::initializer_list<EmitValue> operands) {
    return op(which, std::span<const EmitValue>(operands.begin(), operands.size()));
  }

  // A function of the C library on doubles, called for each lane in which `mask` holds; `otherwise` in the
  // others. Lanes without the mask must not be called: it is the rare, slow path of a recipe.
  virtual EmitValue call_where(EmitValue mask, std::string_view function,
                               std::span<const EmitValue> arguments, EmitValue otherwise) = 0;
  // In every lane.
  virtual EmitValue call(std::string_view function, std::span<const EmitValue> arguments) = 0;

  // The number that an argument of the operator is written as in the model, if it is a literal: x^2 is a
  // product.
  virtual std::optional<Rational> literal(EmitValue value) const = 0;
  // Of the kernel's real numbers: what operators without arguments (pi) yield, and what to_real converts to.
  virtual bool is_f32() const = 0;
  MachineType real() const { return is_f32() ? MachineType::f32 : MachineType::f64; }
};

}  // namespace gradc
