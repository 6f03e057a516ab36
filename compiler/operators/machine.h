// Machine operations: what recipes of operators are made of, and what one of them yields, bit for bit.
// Kernels, their interpreter and constant folding share this one meaning; every operation is exact IEEE 754
// or two's complement arithmetic, so that vector code, scalar code and the interpreter agree.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string_view>

namespace gradc {

enum class MachineType : std::uint8_t { f32, f64, i32, i64, boolean };

// Operands of one operation have one type unless it says otherwise.
enum class MachineOp : std::uint8_t {
  // floating point and integers (which wrap around)
  add,
  sub,
  mul,
  neg,
  abs,
  // floating point, rounded once; fma(a, b, c) = a*b + c, also where the target has no such instruction
  div,
  fma,
  sqrt,
  floor,
  ceil,
  trunc,
  rint,      // to an integral value of the same type, halves to even
  copysign,  // |a| with the sign of b
  // → boolean; integers are signed; with NaN all are false but not_equal
  equal,
  not_equal,
  less,
  less_equal,
  // select(boolean, a, b): both sides are computed
  select,
  // booleans and integers
  bit_and,
  bit_or,
  bit_xor,
  bit_not,
  // integers; the second operand is less than the width
  shift_left,
  shift_right,
  shift_right_signed,
  // i64: ⌊a/b⌋ and a − b⌊a/b⌋; 0 for b = 0
  floor_div,
  mod,
  // f32 ↔ i32, f64 ↔ i64: the same bits
  bit_cast_to_integer,
  bit_cast_to_float,
  // f32 → f64, f64 → f32
  widen,
  narrow,
  // i64 → f32, i64 → f64, rounded once
  integer_to_f32,
  integer_to_f64,
};

std::string_view name(MachineOp op);      // "shift_left"
std::string_view name(MachineType type);  // "f32"
int operand_count(MachineOp op);
// The type of the result, from the type of the last operand (for select that of its sides).
MachineType result_type(MachineOp op, MachineType last_operand);
constexpr bool is_float(MachineType type) { return type == MachineType::f32 || type == MachineType::f64; }

// A value of any machine type as its bits: f32, i32 and booleans (0, 1) in the lower ones, the others 0.
struct MachineValue {
  MachineType type = MachineType::f64;
  std::uint64_t bits = 0;

  static MachineValue f64(double value) { return {MachineType::f64, std::bit_cast<std::uint64_t>(value)}; }
  static MachineValue f32(float value) { return {MachineType::f32, std::bit_cast<std::uint32_t>(value)}; }
  static MachineValue i64(std::int64_t value) {
    return {MachineType::i64, static_cast<std::uint64_t>(value)};
  }
  static MachineValue i32(std::int32_t value) {
    return {MachineType::i32, static_cast<std::uint32_t>(value)};
  }
  static MachineValue boolean(bool value) { return {MachineType::boolean, value}; }
  // A floating-point constant rounded to the type.
  static MachineValue real(MachineType type, double value) {
    return type == MachineType::f32 ? f32(static_cast<float>(value)) : f64(value);
  }

  double as_f64() const { return std::bit_cast<double>(bits); }
  float as_f32() const { return std::bit_cast<float>(static_cast<std::uint32_t>(bits)); }
  std::int64_t as_i64() const { return static_cast<std::int64_t>(bits); }
  std::int32_t as_i32() const { return static_cast<std::int32_t>(bits); }
  bool as_boolean() const { return bits != 0; }
  double as_real() const { return type == MachineType::f32 ? as_f32() : as_f64(); }
};

MachineValue evaluate(MachineOp op, std::span<const MachineValue> operands);
// A function of the C library on doubles, by name: "lgamma". The names that recipes use are known, no others.
double evaluate_libm(std::string_view function, std::span<const double> arguments);

}  // namespace gradc
