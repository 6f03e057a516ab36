// The notation in which recipes are written: `x * x + 1` emits a product and a sum. A number beside a Lanes
// is a constant of its type. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <initializer_list>
#include <span>
#include <utility>

#include "compiler/operators/emitter.h"
#include "compiler/support/check.h"

namespace gradc::recipe {

// One value, scalar or vector; a condition if its type is boolean.
struct Lanes {
  Emitter* emitter = nullptr;
  EmitValue value;

  MachineType type() const { return emitter->type(value); }
  bool is_f32() const { return type() == MachineType::f32; }
  Lanes constant(double number) const { return {emitter, emitter->constant(type(), number)}; }
  Lanes integer(std::int64_t number) const { return {emitter, emitter->constant(type(), number)}; }
};

inline Lanes op(MachineOp which, std::initializer_list<Lanes> operands) {
  EmitValue ids[3];
  std::size_t count = 0;
  for (const Lanes& operand : operands) ids[count++] = operand.value;
  Emitter* emitter = operands.begin()->emitter;
  return {emitter, emitter->op(which, std::span<const EmitValue>(ids, count))};
}

inline Lanes operator+(Lanes a, Lanes b) { return op(MachineOp::add, {a, b}); }
inline Lanes operator-(Lanes a, Lanes b) { return op(MachineOp::sub, {a, b}); }
inline Lanes operator*(Lanes a, Lanes b) { return op(MachineOp::mul, {a, b}); }
inline Lanes operator/(Lanes a, Lanes b) { return op(MachineOp::div, {a, b}); }
inline Lanes operator-(Lanes a) { return op(MachineOp::neg, {a}); }
inline Lanes operator+(Lanes a, double b) { return a + a.constant(b); }
inline Lanes operator-(Lanes a, double b) { return a - a.constant(b); }
inline Lanes operator*(Lanes a, double b) { return a * a.constant(b); }
inline Lanes operator/(Lanes a, double b) { return a / a.constant(b); }
inline Lanes operator+(double a, Lanes b) { return b.constant(a) + b; }
inline Lanes operator-(double a, Lanes b) { return b.constant(a) - b; }
inline Lanes operator*(double a, Lanes b) { return b.constant(a) * b; }
inline Lanes operator/(double a, Lanes b) { return b.constant(a) / b; }

inline Lanes fma(Lanes a, Lanes b, Lanes c) { return op(MachineOp::fma, {a, b, c}); }
inline Lanes fma(Lanes a, double b, Lanes c) { return fma(a, a.constant(b), c); }
inline Lanes fma(Lanes a, Lanes b, double c) { return fma(a, b, a.constant(c)); }
inline Lanes fma(Lanes a, double b, double c) { return fma(a, a.constant(b), a.constant(c)); }
inline Lanes abs(Lanes x) { return op(MachineOp::abs, {x}); }
inline Lanes sqrt(Lanes x) { return op(MachineOp::sqrt, {x}); }
inline Lanes floor(Lanes x) { return op(MachineOp::floor, {x}); }
inline Lanes rint(Lanes x) { return op(MachineOp::rint, {x}); }
inline Lanes copysign(Lanes magnitude, Lanes sign) { return op(MachineOp::copysign, {magnitude, sign}); }
inline Lanes widen(Lanes x) { return op(MachineOp::widen, {x}); }
inline Lanes narrow(Lanes x) { return op(MachineOp::narrow, {x}); }

// Conditions: those with a NaN are false, but for !=.
inline Lanes operator<(Lanes a, Lanes b) { return op(MachineOp::less, {a, b}); }
inline Lanes operator<=(Lanes a, Lanes b) { return op(MachineOp::less_equal, {a, b}); }
inline Lanes operator==(Lanes a, Lanes b) { return op(MachineOp::equal, {a, b}); }
inline Lanes operator!=(Lanes a, Lanes b) { return op(MachineOp::not_equal, {a, b}); }
inline Lanes operator<(Lanes a, double b) { return a < a.constant(b); }
inline Lanes operator<=(Lanes a, double b) { return a <= a.constant(b); }
inline Lanes operator==(Lanes a, double b) { return a == a.constant(b); }
inline Lanes operator!=(Lanes a, double b) { return a != a.constant(b); }
inline Lanes operator>(Lanes a, Lanes b) { return b < a; }
inline Lanes operator>=(Lanes a, Lanes b) { return b <= a; }
inline Lanes operator>(Lanes a, double b) { return a.constant(b) < a; }
inline Lanes operator>=(Lanes a, double b) { return a.constant(b) <= a; }
inline Lanes operator!(Lanes condition) { return op(MachineOp::bit_not, {condition}); }
inline Lanes is_nan(Lanes x) { return x != x; }

// Both sides are computed.
inline Lanes where(Lanes condition, Lanes a, Lanes b) { return op(MachineOp::select, {condition, a, b}); }
inline Lanes where(Lanes condition, double a, Lanes b) { return where(condition, b.constant(a), b); }
inline Lanes where(Lanes condition, Lanes a, double b) { return where(condition, a, a.constant(b)); }
// Of two numbers, in the type of `like`.
inline Lanes where(Lanes condition, double a, double b, Lanes like) {
  return where(condition, like.constant(a), like.constant(b));
}

// Conditions, and the bits of numbers: integers as wide as the number.
inline Lanes operator&(Lanes a, Lanes b) { return op(MachineOp::bit_and, {a, b}); }
inline Lanes operator|(Lanes a, Lanes b) { return op(MachineOp::bit_or, {a, b}); }
inline Lanes operator^(Lanes a, Lanes b) { return op(MachineOp::bit_xor, {a, b}); }
inline Lanes bits(Lanes x) { return op(MachineOp::bit_cast_to_integer, {x}); }
inline Lanes from_bits(Lanes x) { return op(MachineOp::bit_cast_to_float, {x}); }
inline Lanes shift_left(Lanes x, int by) { return op(MachineOp::shift_left, {x, x.integer(by)}); }
inline Lanes shift_right(Lanes x, int by) { return op(MachineOp::shift_right, {x, x.integer(by)}); }

// A function of the C library, on doubles: in every lane, or in those of the mask.
Lanes call(std::string_view function, std::initializer_list<Lanes> arguments);
Lanes call_where(Lanes mask, std::string_view function, std::initializer_list<Lanes> arguments,
                 Lanes otherwise);

// c[0] + c[1] x + c[2] x² + …, by Horner's rule.
Lanes polynomial(Lanes x, std::span<const double> c);
inline Lanes polynomial(Lanes x, std::initializer_list<double> c) {
  return polynomial(x, std::span<const double>(c.begin(), c.size()));
}

// A number to twice the precision: high is the rounded sum.
struct Pair {
  Lanes high, low;
};
Pair exact_sum(Lanes a, Lanes b);          // Knuth's: any a, b
Pair exact_sum_ordered(Lanes a, Lanes b);  // Dekker's: |a| ≥ |b| or a = 0
Pair exact_product(Lanes a, Lanes b);      // through fma

// `.emit = emits<tanh>`: an operator's recipe from a function of one, two or three Lanes.
template <auto f>
EmitValue emits(Emitter& e, const EmitValue* x) {
  if constexpr (requires(Lanes a) { f(a); })
    return f(Lanes{&e, x[0]}).value;
  else if constexpr (requires(Lanes a) { f(a, a); })
    return f(Lanes{&e, x[0]}, Lanes{&e, x[1]}).value;
  else
    return f(Lanes{&e, x[0]}, Lanes{&e, x[1]}, Lanes{&e, x[2]}).value;
}

// The same, of a function that knows doubles only: f32 is computed in double and rounded once more.
template <auto f>
EmitValue emits_in_f64(Emitter& e, const EmitValue* x) {
  const bool is_f32 = e.type(x[0]) == MachineType::f32;
  const auto given = [&](int i) {
    const Lanes lanes{&e, x[i]};
    return is_f32 ? widen(lanes) : lanes;
  };
  const auto result = [&] {
    if constexpr (requires(Lanes a) { f(a); }) {
      return f(given(0));
    } else {
      const Lanes first = given(0);
      return f(first, given(1));
    }
  }();
  return (is_f32 ? narrow(result) : result).value;
}

// Likewise, of a family f(n, x), n a literal.
template <auto f>
EmitValue emits_derivative(Emitter& e, const EmitValue* x) {
  const auto order = e.literal(x[0]);
  GRADC_CHECK(order && order->to_int64(), "the order of a derivative that is not a literal");
  const int n = static_cast<int>(*order->to_int64());
  const Lanes at{&e, x[1]};
  return (at.is_f32() ? narrow(f(n, widen(at))) : f(n, at)).value;
}

}  // namespace gradc::recipe
